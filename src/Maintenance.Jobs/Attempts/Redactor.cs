using System.Text;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Replaces secret values before anything leaves the host: as they are, each line of a multi-line one, as base64 and URL-encoded.
/// Very short values are left alone, because replacing them would make the output unreadable and hide nothing.
/// </summary>
sealed class Redactor
{
    public const string Mask = "[secret]";
    const int ShortestLength = 4;

    readonly List<string> _needles;

    public Redactor(IEnumerable<string> secrets) =>
        _needles = [.. secrets.SelectMany(Forms).Where(f => f.Length >= ShortestLength).Distinct().OrderByDescending(f => f.Length)];

    public string Redact(string text)
    {
        foreach (var needle in _needles)
            text = text.Replace(needle, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>For text that was cut off behind: what may be the beginning of a secret at its end goes too.</summary>
    public string RedactHead(string text)
    {
        text = Redact(text);
        foreach (var needle in _needles)
        {
            for (var length = Math.Min(needle.Length - 1, text.Length); length >= ShortestLength; length--)
            {
                if (text.AsSpan().EndsWith(needle.AsSpan(0, length), StringComparison.Ordinal))
                    return text[..^length] + Mask;
            }
        }

        return text;
    }

    /// <summary>For text that was cut off in front: what may be the end of a secret at its beginning goes too.</summary>
    public string RedactTail(string text)
    {
        text = Redact(text);
        foreach (var needle in _needles)
        {
            for (var length = Math.Min(needle.Length - 1, text.Length); length >= ShortestLength; length--)
            {
                if (text.AsSpan().StartsWith(needle.AsSpan(needle.Length - length), StringComparison.Ordinal))
                    return Mask + text[length..];
            }
        }

        return text;
    }

    static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        var lines = secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length > 1)
        {
            foreach (var line in lines)
                yield return line;
        }

        foreach (var form in Base64Forms(Encoding.UTF8.GetBytes(secret)))
            yield return form;
    }

    /// <summary>
    /// Inside longer text base64 looks different for each position modulo 3; only the letters that the secret alone decides are compared.
    /// </summary>
    static IEnumerable<string> Base64Forms(byte[] secret)
    {
        yield return Convert.ToBase64String(secret);
        for (var shift = 0; shift < 3; shift++)
        {
            var shifted = new byte[shift + secret.Length];
            secret.CopyTo(shifted, shift);
            var whole = shifted.Length / 3 * 3;
            var skip = shift == 0 ? 0 : 4;
            var text = Convert.ToBase64String(shifted, 0, whole);
            if (text.Length - skip >= 8)
                yield return text[skip..];
        }
    }
}

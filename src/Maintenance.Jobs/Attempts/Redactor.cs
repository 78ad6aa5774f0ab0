using System.Text;
using System.Text.Json;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Takes secret values out of text before it leaves the host: as they are, each line of one with several, and in the forms that scripts
/// commonly give them (base64, base64url, hex, URL-encoded, in JSON). Long forms are found over line breaks too, as `base64` and `fold`
/// make them. The number of lines stays what it was. Very short values are left alone: replacing them would hide nothing.
/// </summary>
sealed class Redactor
{
    public const string Mask = "[secret]";

    /// <summary>For an attempt without secrets.</summary>
    public static readonly Redactor None = new([]);

    const int ShortestLength = 4;

    // Shorter ones would be found by chance in the letters of neighbouring lines.
    const int ShortestOverLines = 12;

    readonly List<string> _needles;
    readonly List<string> _overLines;

    public Redactor(IEnumerable<string> secrets)
    {
        _needles = [.. secrets.SelectMany(Forms).Where(f => f.Length >= ShortestLength).Distinct().OrderByDescending(f => f.Length)];
        _overLines = [.. _needles.Where(n => n.Length >= ShortestOverLines)];
    }

    public string Redact(string text)
    {
        if (_needles.Count == 0 || text.Length == 0)
            return text;
        foreach (var needle in _needles)
            text = text.Replace(needle, Mask, StringComparison.Ordinal);
        return _overLines.Count > 0 && HasBreaks(text) ? RedactOverLines(text) : text;
    }

    /// <summary>For text that was cut off behind: what may be the beginning of a secret at its end goes too.</summary>
    public string RedactHead(string text)
    {
        text = Redact(text);
        var edge = Edge(text, ShortestLength, atEnd: true);
        return edge == 0 ? text : text[..^edge] + Mask;
    }

    /// <summary>For text that was cut off in front: what may be the end of a secret at its beginning goes too.</summary>
    public string RedactTail(string text)
    {
        text = Redact(text);
        var edge = Edge(text, ShortestLength, atEnd: false);
        return edge == 0 ? text : Mask + text[edge..];
    }

    /// <summary>How many characters at the end of a text may be the beginning of a secret that goes on in what is not there yet.</summary>
    public int Undecided(string text) => Edge(text, 1, atEnd: true);

    int Edge(string text, int least, bool atEnd)
    {
        if (_needles.Count == 0)
            return 0;
        var direct = _needles.Max(needle => Overlap(needle, text, least, atEnd));
        if (_overLines.Count == 0 || !HasBreaks(text))
            return direct;
        var (plain, places) = WithoutBreaks(text);
        var overLines = _overLines.Max(needle => Overlap(needle, plain, least, atEnd));
        if (overLines == 0)
            return direct;
        return Math.Max(direct, atEnd ? text.Length - places[plain.Length - overLines] : places[overLines - 1] + 1);
    }

    /// <summary>
    /// The longest real part of the needle that the text ends (or begins) with; 0 when shorter than <paramref name="least"/>.
    /// </summary>
    static int Overlap(string needle, string text, int least, bool atEnd)
    {
        for (var length = Math.Min(needle.Length - 1, text.Length); length >= least; length--)
        {
            if (atEnd
                ? text.AsSpan().EndsWith(needle.AsSpan(0, length), StringComparison.Ordinal)
                : text.AsSpan().StartsWith(needle.AsSpan(needle.Length - length), StringComparison.Ordinal))
                return length;
        }

        return 0;
    }

    string RedactOverLines(string text)
    {
        var (plain, places) = WithoutBreaks(text);
        var secret = new bool[text.Length];
        var found = false;
        foreach (var needle in _overLines)
        {
            for (var at = plain.IndexOf(
                needle, StringComparison.Ordinal); at >= 0; at = plain.IndexOf(needle, at + 1, StringComparison.Ordinal))
            {
                found = true;
                for (var i = at; i < at + needle.Length; i++)
                    secret[places[i]] = true;
            }
        }

        return found ? Masked(text, secret) : text;
    }

    static string Masked(string text, bool[] secret)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!secret[i])
                result.Append(text[i]);
            else if (i == 0 || !secret[i - 1])
                result.Append(Mask);
        }

        return result.ToString();
    }

    static bool HasBreaks(string text) => text.AsSpan().IndexOfAny('\n', '\r') >= 0;

    /// <summary>The text without line breaks, and where each of its characters stands in the text.</summary>
    static (string Plain, int[] Places) WithoutBreaks(string text)
    {
        var plain = new StringBuilder(text.Length);
        var places = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r')
                continue;
            places[plain.Length] = i;
            plain.Append(text[i]);
        }

        return (plain.ToString(), places);
    }

    static IEnumerable<string> Forms(string secret)
    {
        var lines = secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var line in lines)
        {
            yield return line;
            yield return Uri.EscapeDataString(line);
            yield return InJson(line);
        }

        yield return Uri.EscapeDataString(secret);
        yield return Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        yield return InJson(secret);
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToHexStringLower(bytes);
        foreach (var form in Base64Forms(bytes))
        {
            yield return form;
            yield return form.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        }
    }

    static string InJson(string text) =>
        JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

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

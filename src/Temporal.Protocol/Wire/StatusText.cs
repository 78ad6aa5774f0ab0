using System.Text;

namespace Temporal.Protocol;

/// <summary>The trailer <c>grpc-message</c>: UTF-8 with every byte outside printable ASCII, and %, as %XX.</summary>
static class StatusText
{
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%'))
            return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2"));
        }

        return encoded.ToString();
    }

    /// <summary>Never fails: what is no valid escape stays as it is, so that an odd server's message is still shown.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%'))
            return text;

        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = Convert.ToByte(text.Substring(i + 1, 2), 16);
                i += 2;
            }
            else
            {
                length += Encoding.UTF8.GetBytes(text, i, 1, bytes, length);
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}

using System.Text;

namespace Maintenance.Records;

/// <summary>
/// Text that both databases take. Scripts write anything; Postgres refuses NUL, and half a surrogate pair cannot become UTF-8.
/// A record must never fail to be written because of what a script wrote, so both become visible stand-ins.
/// </summary>
static class StoredText
{
    const char NulSymbol = '\u2400';
    const char Replacement = '\uFFFD';

    public static string Clean(string text)
    {
        var firstBad = FirstBad(text, 0);
        if (firstBad < 0)
            return text;

        var clean = new StringBuilder(text);
        for (var i = firstBad; i >= 0; i = FirstBad(text, i + 1))
            clean[i] = text[i] == '\0' ? NulSymbol : Replacement;
        return clean.ToString();
    }

    public static string? CleanOrNull(string? text) => text is null ? null : Clean(text);

    static int FirstBad(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || char.IsLowSurrogate(c))
                return i;
            if (!char.IsHighSurrogate(c))
                continue;
            if (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }
}

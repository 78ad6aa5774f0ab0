namespace Maintenance.Schedules;

/// <summary>
/// <c>NAME = value</c>, each side perhaps in quotes. The name may be empty, and no shell sees it then. What is no assignment is read as a
/// schedule line, and then usually fails as "bad minute": an empty value without quotes, text after a closing quote, a name with blanks.
/// </summary>
static class CrontabAssignment
{
    public const string DefaultShell = "/bin/sh";
    public const string DefaultPath = "/usr/bin:/bin";

    // Cut without a word, quotes and name included.
    const int LengthMax = 998;

    public static bool TryParse(string line, out string name, out string value)
    {
        (name, value) = ("", "");
        var text = line.Length > LengthMax ? line[..LengthMax] : line;
        var at = Skip(text, 0);
        if (!TryWord(text, ref at, isName: true, out name))
            return false;
        at = Skip(text, at);
        if (at >= text.Length || text[at] != '=')
            return false;
        at = Skip(text, at + 1);
        var quoted = at < text.Length && text[at] is '"' or '\'';
        if (!TryWord(text, ref at, isName: false, out value) || Skip(text, at) < text.Length)
            return false;
        // Debian cuts trailing blanks even inside quotes.
        value = value.TrimEnd();
        return quoted || value.Length > 0;
    }

    static bool TryWord(string text, ref int at, bool isName, out string word)
    {
        word = "";
        if (at < text.Length && text[at] is '"' or '\'')
        {
            var end = text.IndexOf(text[at], at + 1);
            if (end < 0)
                return false;
            word = text[(at + 1)..end];
            at = end + 1;
            return true;
        }

        var from = at;
        while (at < text.Length && !(isName && (text[at] == '=' || char.IsWhiteSpace(text[at]))))
            at++;
        word = text[from..at];
        return true;
    }

    static int Skip(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }
}

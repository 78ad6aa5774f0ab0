using System.Text;

namespace Maintenance.Schedules;

/// <summary>A schedule line taken apart: time fields, user, command and what the command reads.</summary>
sealed record CrontabLine(string Schedule, string? User, string Command, string Stdin)
{
    public const string BadCommand = "bad command";
    public const string BadUser = "bad username";

    const int CommandMax = 998;

    static readonly string[] _macros = ["@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    static readonly string[] _reasons = ["bad minute", "bad hour", "bad day-of-month", "bad month", "bad day-of-week"];

    /// <param name="text">Without leading blanks.</param>
    /// <param name="reason">Cron's own words when it refuses the line.</param>
    public static bool TryParse(string text, CrontabForm form, out CrontabLine line, out string reason)
    {
        line = new CrontabLine("", null, "", "");
        var at = 0;
        var fields = new List<string>();
        reason = ReadSchedule(text, ref at, fields);
        if (reason.Length > 0)
            return false;

        string? user = null;
        if (form == CrontabForm.System)
        {
            user = Word(text, ref at);
            // A user without anything behind it, not even a blank, is where cron gives up.
            if (user.Length == 0 || at >= text.Length)
            {
                reason = BadCommand;
                return false;
            }

            // Nobody can have such a name: the user was forgotten, and this is the command.
            if (user.AsSpan().ContainsAny('/', ':'))
            {
                reason = BadUser;
                return false;
            }

            // Debian keeps further blanks as part of the command.
            at++;
        }

        if (at < text.Length && text[at] == '*' && form == CrontabForm.User)
            reason = BadCommand;
        else if (text.Length - at > CommandMax)
            reason = "command too long";
        if (reason.Length > 0)
            return false;
        var (command, stdin) = Split(text[at..]);
        line = new CrontabLine(string.Join(' ', fields), user, command, stdin);
        return true;
    }

    static string ReadSchedule(string text, ref int at, List<string> fields)
    {
        if (text[at..].StartsWith('@'))
        {
            fields.Add(Word(text, ref at));
            at = Skip(text, at);
            return _macros.Contains(fields[0]) ? "" : "bad time specifier";
        }

        foreach (var (field, reason) in CronField.All.Zip(_reasons))
        {
            var word = Word(text, ref at);
            if (!DebianField.Takes(field, word))
                return reason;
            fields.Add(word);
            at = Skip(text, at);
        }

        return "";
    }

    static string Word(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && text[at] is not (' ' or '\t'))
            at++;
        return text[from..at];
    }

    static int Skip(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    /// <summary>
    /// The first <c>%</c> ends the command; each further one is a newline of its input. A backslash keeps a <c>%</c> and, on Debian, itself.
    /// </summary>
    public static (string Command, string Stdin) Split(string text)
    {
        var command = new StringBuilder();
        var stdin = new StringBuilder();
        var into = command;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '%' or '\\')
                into.Append(text[++i]);
            else if (text[i] == '%' && into == command)
                into = stdin;
            else
                into.Append(text[i] == '%' ? '\n' : text[i]);
        }

        if (stdin.Length > 0 && stdin[^1] != '\n')
            stdin.Append('\n');
        return (command.ToString(), stdin.ToString());
    }
}

/// <summary>
/// Whether Debian's cron takes a field at all, sense or nonsense: it reads values, dashes and steps and ignores everything from the first
/// strange character on. <see cref="CronExpression"/> is stricter.
/// </summary>
static class DebianField
{
    public static bool Takes(CronField field, string text)
    {
        var at = 0;
        do
        {
            if (!TakesItem(field, text, ref at))
                return false;
        }
        while (at < text.Length && text[at++] == ',');
        return true;
    }

    static bool TakesItem(CronField field, string text, ref int at)
    {
        var (first, last) = (field.Min, field.Max);
        if (at < text.Length && text[at] == '*')
        {
            at++;
        }
        else
        {
            if (!TryValue(field, text, ref at, out first))
                return false;
            last = first;
            if (at < text.Length && text[at] == '-')
            {
                at++;
                if (!TryValue(field, text, ref at, out last))
                    return false;
            }
            else if (at < text.Length && text[at] == '/')
            {
                return false;
            }
        }

        if (at < text.Length && text[at] == '/')
        {
            at++;
            if (!TryNumber(text, ref at, out var step) || step == 0)
                return false;
        }

        // A range that runs backwards has no values, so none of them is out of range.
        return last < first || (first >= field.Min && last <= field.Max);
    }

    static bool TryValue(CronField field, string text, ref int at, out int value)
    {
        var word = Alphanumeric(text, ref at);
        if (word.Length > 0 && word.All(char.IsAsciiDigit) && word.Length < 9)
        {
            value = int.Parse(word, System.Globalization.CultureInfo.InvariantCulture);
            return true;
        }

        value = field.NumberOf(word);
        return value >= 0;
    }

    static bool TryNumber(string text, ref int at, out int value) =>
        int.TryParse(
            Alphanumeric(text, ref at), System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out value);

    static string Alphanumeric(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            at++;
        return text[from..at];
    }
}

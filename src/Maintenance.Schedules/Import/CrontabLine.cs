using System.Globalization;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>A schedule line taken apart: time fields, user, command and what the command reads.</summary>
sealed record CrontabLine(string Schedule, string? User, string Command, string Stdin)
{
    /// <summary>What is behind a NUL, which ends a command; null when there is none.</summary>
    public string? Rest { get; init; }

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

        var nul = text.IndexOf('\0', at);
        var end = nul < 0 ? text.Length : nul;
        if (at < text.Length && text[at] == '*' && form == CrontabForm.User)
            reason = BadCommand;
        else if (end - at > CommandMax)
            reason = "command too long";
        if (reason.Length > 0)
            return false;
        var (command, stdin) = Split(text[at..end]);
        line = new CrontabLine(string.Join(' ', fields), user, command, stdin) { Rest = nul < 0 ? null : text[(nul + 1)..] };
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
    /// The first <c>%</c> ends the command; each further one is a newline of its input. A backslash keeps a <c>%</c> and, on Debian,
    /// itself.
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
    const int NumberLengthMax = 999;

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

        // A range that runs backwards has no values, but its ends must be values.
        return first >= field.Min && first <= field.Max && last >= field.Min && last <= field.Max;
    }

    static bool TryValue(CronField field, string text, ref int at, out int value)
    {
        var word = Alphanumeric(text, ref at);
        value = Number(word) ?? field.NumberOf(word);
        return value >= 0;
    }

    static bool TryNumber(string text, ref int at, out int value)
    {
        value = Number(Alphanumeric(text, ref at)) ?? -1;
        return value >= 0;
    }

    /// <summary>
    /// As C reads it: 4294967297 comes around to 1, and what no 64 bits hold is -1. Null when it is no number, or too long to be looked at.
    /// </summary>
    static int? Number(string word)
    {
        if (word.Length is 0 or > NumberLengthMax || !word.All(char.IsAsciiDigit))
            return null;
        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? unchecked((int)number) : -1;
    }

    static string Alphanumeric(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            at++;
        return text[from..at];
    }
}

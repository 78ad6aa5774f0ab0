using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// What to say about a cron line that is refused: what Debian's cron did with it until now (it takes many odd forms without a word), and
/// what to write instead.
/// </summary>
static class CronAdvice
{
    const string Week = "'sun' is 0 at the start of the week";

    public static TimingError Macro(List<CronExpression.Word> words, IReadOnlyList<string> known)
    {
        var word = words[0].Text;
        if (word.StartsWith("@every", StringComparison.Ordinal))
            return new TimingError(
                1, $"Cron does not know {word}.", $"Write \"every\": \"{(words.Count > 1 ? words[1].Text : "5m")}\" instead of \"cron\".");
        if (words.Count > 1)
            return new TimingError(
                words[1].Column,
                $"'{words[1].Text}' follows the macro {word}; a macro stands for all five fields.",
                $"Write only \"{word}\".");
        if (word == "@reboot")
            return new TimingError(
                1,
                "@reboot is no time: cron starts it when the daemon starts.",
                "Start such work from the service manager (a systemd unit), or choose a time here.");
        if (known.FirstOrDefault(k => string.Equals(k, word, StringComparison.OrdinalIgnoreCase)) is { } lower)
            return new TimingError(1, $"Cron knows its macros in lower case only and refuses {word}.", $"Write \"{lower}\".");
        return new TimingError(1, $"Cron does not know the macro {word}.", NearestName.Suggest(word, [.. known]));
    }

    public static TimingError FieldCount(List<CronExpression.Word> words)
    {
        if (words[0].Text.Split('=') is [{ Length: > 0 } name, var value] && char.IsAsciiLetter(name[0]))
            return new TimingError(
                1,
                $"'{words[0].Text}': cron takes an assignment only on a line of its own, and Debian's cron ignores CRON_TZ even there.",
                name is "CRON_TZ" or "TZ"
                    ? $"Write \"timeZone\": \"{value}\" beside \"cron\"."
                    : "Write only the five fields here; variables of a job belong into its job.json.");
        if (words.Count < 5)
            return new TimingError(
                1,
                $"A cron line has five fields, this has {words.Count}.",
                "The fields are minute, hour, day of month, month and day of week.");
        if (words.Count is 6 or 7
            && words.Skip(5).All(
                w =>
                    w.Text.All(c => char.IsAsciiDigit(c) || "*/,-?#LW".Contains(c, StringComparison.Ordinal))
                        || CronField.All[4].NumberOf(w.Text) >= 0))
            return new TimingError(
                words[5].Column,
                $"A cron line has five fields, this has {words.Count}; cron knows neither seconds nor years and would take the rest for "
                    + "the command.",
                "Leave out the seconds and the year. For seconds use \"every\": \"10s\"; for a year use \"calendar\".");
        return new TimingError(
            words[5].Column,
            $"'{words[5].Text}' stands after the five time fields.",
            "Only the time fields belong here; the command is the job's script.");
    }

    public static TimingError StepWithoutRange(CronField field, int first, int step, string item, int at) =>
        new(
            at,
            $"'{item}': a step needs a star or a range; cron refuses this.",
            $"Write {first}-{field.Max}/{step} for every {step} from {first} on.");

    public static TimingError Backwards(CronField field, string item, string span, int first, int last, int at)
    {
        var step = item.Contains('/', StringComparison.Ordinal) ? item[item.IndexOf('/', StringComparison.Ordinal)..] : "";
        if (field.Max == 7 && first == 7)
            return new TimingError(
                at,
                $"'{item}' runs backwards, because 7 is the end of the week: cron took it and never ran.",
                $"Write {(last == 0 ? "0" : $"0-{last}")}{step}.");
        if (field.Max == 7 && last == 0)
            return new TimingError(
                at,
                $"'{item}' runs backwards, because {Week}: Debian's cron took it and never ran.",
                first == 1 && step.Length == 0
                    ? "Write * or mon-7."
                    : $"Write {span[..span.IndexOf('-', StringComparison.Ordinal)]}-7{step}.");
        var before = first == field.Max ? $"{first}" : $"{first}-{field.Max}";
        var split = $"{before},{field.Min}-{last}";
        if (field.Max == 7)
            split = first == 6 ? $"6,0-{last}" : $"{first}-6,0-{last}";
        return new TimingError(
            at,
            $"'{item}' runs backwards: cron took it and never ran.",
            $"Write {split}{(step.Length > 0 ? " with the steps spelled out" : "")}.");
    }

    public static TimingError Item(CronField field, string item, int at)
    {
        if (item.Length == 0)
            return new TimingError(at, $"An item of the {field.Name} is empty; cron refuses this.", "Write a value between the commas.");
        if (item == "?")
            return new TimingError(at, "Cron does not know '?' and refuses it.", "Write * for any day.");
        if (item.Contains('#', StringComparison.Ordinal))
            return Nth(item, at);
        if (item.Contains('~', StringComparison.Ordinal))
            return new TimingError(
                at,
                $"'{item}': Debian's cron reads only the number before '~' ({Before(item, '~')}); a random time is a habit of other "
                    + "daemons.",
                "Write the first value here and set \"jitter\" for the spread.");
        if (item[0] == 'H')
            return new TimingError(
                at,
                $"'{item}': H is Jenkins' way to spread jobs; cron refuses it.",
                "Write a fixed value and set \"jitter\" for the spread.");
        if (field.Name.StartsWith("day", StringComparison.Ordinal) && item[^1] is 'L' or 'W')
            return LastOrWorkday(item, at);
        if (item[0] == '*')
            return new TimingError(
                at,
                $"'{item}': Debian's cron stops reading at the strange character and runs as '{StarPart(item)}'.",
                $"Write {StarPart(item)}, or */n with a whole number for a step.");
        if (item[0] is '-' or '+')
            return new TimingError(at, $"'{item}' has a sign; there are no negative values.", $"Use {field.Limits}.");
        if (LongName(field, item) is { } name)
            return new TimingError(at, $"'{item}': cron knows names of three letters only and refuses this.", $"Write {name}.");
        return Strange(field, item, at);
    }

    static TimingError Nth(string item, int at)
    {
        var day = Before(item, '#');
        var week = item[(item.IndexOf('#', StringComparison.Ordinal) + 1)..];
        var days = int.TryParse(week, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 5
            ? $"{(n * 7) - 6}-{Math.Min(31, n * 7)}"
            : "8-14";
        return new TimingError(
            at,
            $"'{item}': Debian's cron stops reading at '#' and runs every week on {day}.",
            $"Write \"calendar\": {{ \"dayOfWeek\": \"{day}\", \"dayOfMonth\": \"{days}\", … }}, where both must match.");
    }

    static TimingError LastOrWorkday(string item, int at) => item[^1] == 'W'
        ? new TimingError(
            at,
            $"'{item}': W (nearest working day) is no part of cron, which refuses it.",
            "List the days, or use \"calendar\" with days of the week.")
        : new TimingError(
            at,
            $"'{item}': L (last) is no part of cron, which refuses it.",
            "Write \"calendar\": { \"dayOfMonth\": \"last\", … }.");

    /// <summary>A number, and then something that cron ignores together with all that follows it.</summary>
    static TimingError Strange(CronField field, string item, int at)
    {
        var good = 0;
        while (good < item.Length
            && (char.IsAsciiLetterOrDigit(item[good]) || (item[good] is '-' or '/' && item.AsSpan(0, good).IndexOf(item[good]) < 0)))
            good++;
        var read = item[..good].TrimEnd('-', '/');
        var ignored = good < item.Length && read.Length > 0 && char.IsAsciiDigit(read[^1]);
        return ignored
            ? new TimingError(
                at + good,
                $"'{item}': Debian's cron stops reading at '{item[good]}' and runs as '{read}'.",
                $"Write {read} if that was right; values are whole numbers, separated by commas.")
            : new TimingError(at, $"'{item}' is no {field.Name}; cron refuses it.", $"Use {field.Limits}.");
    }

    static string? LongName(CronField field, string item)
    {
        var word = item.Split('-', '/')[0];
        return word.Length > 3 && word.All(char.IsAsciiLetter) && field.NumberOf(word[..3]) >= 0
            && _longNames.Contains(word.ToLowerInvariant()) ? word[..3].ToLowerInvariant() : null;
    }

    static readonly string[] _longNames =
    [
        "january", "february", "march", "april", "june", "july", "august", "september", "sept", "october", "november", "december",
        "sunday", "monday", "tuesday", "tues", "wednesday", "thursday", "thur", "thurs", "friday", "saturday",
    ];

    static string StarPart(string item)
    {
        var end = 1;
        if (item.Length > 2 && item[1] == '/' && char.IsAsciiDigit(item[2]))
        {
            end = 2;
            while (end < item.Length && char.IsAsciiDigit(item[end]))
                end++;
        }

        return item[..end];
    }

    static string Before(string item, char c) => item[..item.IndexOf(c, StringComparison.Ordinal)];
}

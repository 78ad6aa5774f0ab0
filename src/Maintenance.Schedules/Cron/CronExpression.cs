using System.Diagnostics.CodeAnalysis;

namespace Maintenance.Schedules;

/// <summary>What is wrong with an expression; columns count from 1 in its text.</summary>
public sealed record TimingError(int Column, string Message, string Fix);

/// <summary>
/// The time fields of a crontab line, read as Debian's cron reads them. What cron takes but reads as something else than it looks like is
/// refused here, with what cron did and what to write instead.
/// </summary>
public sealed record CronExpression(string Text, FieldSet Fields)
{
    static readonly Dictionary<string, string> _macros = new(StringComparer.Ordinal)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? expression, out IReadOnlyList<TimingError> errors)
    {
        expression = null;
        var found = new List<TimingError>();
        errors = found;
        var words = Words(text);
        if (words.Count == 0)
        {
            found.Add(
                new TimingError(
                    1, "The expression is empty.",
                    "Write five fields: minute, hour, day of month, month, day of week, such as '30 3 * * *'."));
            return false;
        }

        if (words[0].Text[0] == '@')
        {
            if (words.Count > 1 || !_macros.TryGetValue(words[0].Text, out var expansion))
            {
                found.Add(CronAdvice.Macro(words, [.. _macros.Keys]));
                return false;
            }

            words = Words(expansion);
        }

        if (words.Count != 5)
        {
            found.Add(CronAdvice.FieldCount(words));
            return false;
        }

        var sets = words.Zip(CronField.All, (word, field) => new CronFieldReader(field, word.Text, word.Column, found).Read()).ToList();
        if (found.Count > 0)
            return false;
        expression = new CronExpression(text, Combine(words, sets));
        return true;
    }

    static FieldSet Combine(List<Word> words, List<Bits> sets)
    {
        var star = words.Select(w => w.Text[0] == '*').ToList();
        return new FieldSet
        {
            Minutes = sets[0],
            Hours = sets[1],
            Days = sets[2],
            Months = sets[3],
            Weekdays = FoldSunday(sets[4]),
            // Only the first character counts for cron: 1-31 is no star, *,1 and */2 are.
            EitherDay = !star[2] && !star[4],
            Wildcard = star[0] || star[1],
        };
    }

    /// <summary>Seven becomes zero.</summary>
    internal static Bits FoldSunday(Bits days) => new Bits(days.Word & FieldSet.AllWeekdays.Word).Or(days.Has(7) ? Bits.Of(0) : default);

    internal readonly record struct Word(string Text, int Column);

    static List<Word> Words(string text)
    {
        var words = new List<Word>();
        for (var at = 0; at < text.Length;)
        {
            if (IsBlank(text[at]))
            {
                at++;
                continue;
            }

            var from = at;
            while (at < text.Length && !IsBlank(text[at]))
                at++;
            words.Add(new Word(text[from..at], from + 1));
        }

        return words;
    }

    static bool IsBlank(char c) => c is ' ' or '\t';
}

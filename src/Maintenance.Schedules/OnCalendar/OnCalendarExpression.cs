using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// A systemd calendar expression (systemd.time(7)): days of the week, date, time and zone, each of them optional. Where an expression names
/// no zone, the schedule's counts.
/// </summary>
public sealed record OnCalendarExpression(string Text, FieldSet Fields, Zone? Zone, long? Instant)
{
    static readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["minutely"] = "*-*-* *:*:00",
        ["hourly"] = "*-*-* *:00:00",
        ["daily"] = "*-*-* 00:00:00",
        ["weekly"] = "Mon *-*-* 00:00:00",
        ["monthly"] = "*-*-01 00:00:00",
        ["quarterly"] = "*-01,04,07,10-01 00:00:00",
        ["semiannually"] = "*-01,07-01 00:00:00",
        ["semi-annually"] = "*-01,07-01 00:00:00",
        ["biannually"] = "*-01,07-01 00:00:00",
        ["bi-annually"] = "*-01,07-01 00:00:00",
        ["yearly"] = "*-01-01 00:00:00",
        ["annually"] = "*-01-01 00:00:00",
        // An old slip of the pen that systemd still takes.
        ["anually"] = "*-01-01 00:00:00",
    };

    public static bool TryParse(
        string text, [NotNullWhen(true)] out OnCalendarExpression? expression, out IReadOnlyList<TimingError> errors)
    {
        var found = new List<TimingError>();
        errors = found;
        expression = new Reader(text, found).Read();
        if (found.Count > 0)
            expression = null;
        return expression is not null;
    }

    /// <summary>As systemd writes it back, in a form that is the same for all ways to say the same.</summary>
    public string NormalForm
    {
        get
        {
            if (Instant is { } instant)
                return OnCalendarNormalForm.OfInstant(instant);
            var (rest, zone) = new Reader(Text, []).SplitZone();
            var words = (_words.TryGetValue(rest, out var expansion) ? expansion : rest).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return OnCalendarNormalForm.Of(words, zone);
        }
    }

    /// <summary>As systemd runs it unless told otherwise: what falls into a gap is left out, of two passes only the first counts.</summary>
    public Timing ToTiming(Zone zone, DstRules dst)
    {
        if (Instant is { } instant)
            return new InstantTiming(Text, instant);
        var rules = new DstRules(
            dst.Missing == MissingRule.Auto ? MissingRule.Skip : dst.Missing,
            dst.Repeated == RepeatedRule.Auto ? RepeatedRule.First : dst.Repeated);
        return new FieldsTiming(Text, FieldsOrigin.OnCalendar, Fields, Zone ?? zone, rules);
    }

    sealed class Reader(string text, List<TimingError> errors)
    {
        const string Utc = " UTC";

        public OnCalendarExpression? Read()
        {
            if (text.Length == 0 || char.IsWhiteSpace(text[0]))
                return Refuse(1, "The expression is empty or begins with a blank.", "Write for example 'Mon..Fri *-*-* 03:30:00'.");
            var (rest, zone) = SplitZone();
            if (rest[0] == '@')
                return ReadInstant(rest);
            if (_words.TryGetValue(rest, out var expansion))
                return TryParse(expansion, out var known, out _) ? known with { Text = text, Zone = zone } : null;

            var fields = ReadFields(Words(rest));
            if (errors.Count == 0 && rest[^1] == ' ' && rest.Contains(':', StringComparison.Ordinal))
                return Refuse(rest.TrimEnd(' ').Length + 1, "A blank follows the time; systemd refuses it.", "Remove it.");
            return errors.Count == 0 ? new OnCalendarExpression(text, fields, zone, null) : null;
        }

        /// <summary>The last word is a zone if there is one of that name; UTC in any case.</summary>
        public (string Expression, Zone? Zone) SplitZone()
        {
            if (text.Length > Utc.Length && text.EndsWith(Utc, StringComparison.OrdinalIgnoreCase))
                return (text[..^Utc.Length], Zone.Utc);
            var blank = text.LastIndexOf(' ');
            return blank > 0 && Zones.Find(text[(blank + 1)..]) is { } zone ? (text[..blank], zone) : (text, null);
        }

        FieldSet ReadFields(List<(string Text, int Column)> words)
        {
            var at = 0;
            var fields = new FieldSet();
            if (words.Count > 1 && _words.ContainsKey(words[0].Text))
            {
                RefuseRest(words[1].Text, words[1].Column);
                return fields;
            }

            if (at < words.Count && char.IsAsciiLetter(words[at].Text[0]))
                fields = fields with { Weekdays = OnCalendarWeekdays.Read(words[at].Text, words[at++].Column, errors) };
            if (at < words.Count && !words[at].Text.Contains(':', StringComparison.Ordinal) && !IsZoneLike(words[at].Text))
                fields = new OnCalendarDate(words[at].Text, words[at++].Column, errors).Read(fields);
            if (at < words.Count && !IsZoneLike(words[at].Text))
                fields = new OnCalendarTime(words[at].Text, words[at++].Column, errors).Read(fields);
            if (at < words.Count)
                RefuseRest(words[at].Text, words[at].Column);
            return fields;
        }

        static bool IsZoneLike(string word) => char.IsAsciiLetter(word[0]);

        void RefuseRest(string word, int column)
        {
            if (IsZoneLike(word))
                Refuse(column, Zones.Unknown(word), Zones.Suggestion(word));
            else
                Refuse(column, $"'{word}' stands after the time.", "The order is days of the week, date, time, time zone.");
        }

        static List<(string Text, int Column)> Words(string text)
        {
            var words = new List<(string, int)>();
            for (var at = 0; at < text.Length; at++)
            {
                var from = at;
                while (at < text.Length && text[at] != ' ')
                    at++;
                if (at > from)
                    words.Add((text[from..at], from + 1));
            }

            return words;
        }

        OnCalendarExpression? ReadInstant(string rest)
        {
            const long afterLastYear = 7_258_118_400;
            if (long.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var instant) && instant < afterLastYear)
                return new OnCalendarExpression(text, new FieldSet(), Zone.Utc, instant);
            return Refuse(
                1,
                $"'{text}' is no expression that systemd knows.",
                "After '@' stand the seconds since 1970; cron's macros have no '@' here (daily, hourly).");
        }

        OnCalendarExpression? Refuse(int column, string message, string fix)
        {
            errors.Add(new TimingError(column, message, fix));
            return null;
        }
    }
}

using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Reads a structured timing: second, minute and hour default to 0, the other fields to all, and all must match. A field is a number, a text
/// in cron's notation, or a list of these; the day of the month also takes <c>last</c> and <c>last-2</c>, the day of the week <c>2nd tue</c> and
/// <c>last fri</c>.
/// </summary>
static class CalendarFieldsReader
{
    static readonly CronField _second = new("second", 0, 59, [], 0);
    static readonly CronField _year = new("year", 2000, FieldSet.LastServerYear, [], 0);

    public static FieldSet? Read(Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "an object with fields such as minute, hour, dayOfWeek") is not { } reader)
            return null;
        var before = problems.Count;
        var fromEnd = default(Bits);
        var fields = new FieldSet
        {
            Seconds = Field(reader, "second", _second) ?? Bits.Of(0),
            Minutes = Field(reader, "minute", CronField.All[0]) ?? Bits.Of(0),
            Hours = Field(reader, "hour", CronField.All[1]) ?? Bits.Of(0),
            Days = Days(reader, ref fromEnd) ?? FieldSet.AllDays,
            Months = Field(reader, "month", CronField.All[3]) ?? FieldSet.AllMonths,
            Years = Years(reader),
            Wildcard = BeginsWithStar(reader, "minute") || BeginsWithStar(reader, "hour"),
        };
        fields = WithWeekdays(reader, fields with { DaysFromEnd = fromEnd });
        reader.Close();
        return problems.Count == before ? fields : null;
    }

    /// <summary>The 2nd Tuesday is a Tuesday among the days 8 to 14, the last Friday one among the last seven days.</summary>
    static FieldSet WithWeekdays(ObjectReader reader, FieldSet fields)
    {
        if (reader.Value("dayOfWeek") is not { } written)
            return fields;
        var (plain, nth) = (default(Bits), new List<NthDay>());
        foreach (var item in reader.OneOrMany("dayOfWeek"))
        {
            if (item.Kind == NodeKind.String && WeekdayWords.Nth(item.Text) is { } one)
                nth.Add(one);
            else
                plain = plain.Or(Item(reader, item, CronField.All[4]));
        }

        if (nth.Count == 0)
            return fields with { Weekdays = CronExpression.FoldSunday(plain) };
        if (!plain.IsEmpty || nth.DistinctBy(n => n.Weekday).Count() > 1 || reader.Has("dayOfMonth"))
            reader.Problems.Add(
                written, ScheduleCodes.BadField,
                "A numbered day of the week stands with other days.",
                "Write a calendar for each: \"calendar\": [{ \"dayOfWeek\": \"2nd tue\" }, { … }].");
        return fields with
        {
            Weekdays = Bits.Of(nth[0].Weekday),
            Days = nth.Where(n => n.Nth > 0).Aggregate(default(Bits), (days, n) => days.Or(Bits.Range((n.Nth * 7) - 6, Math.Min(31, n.Nth * 7)))),
            DaysFromEnd = nth.Any(n => n.Nth < 0) ? Bits.Range(1, 7) : default,
        };
    }

    static bool BeginsWithStar(ObjectReader reader, string name) =>
        reader.OneOrMany(name) is [{ Kind: NodeKind.String } first, ..] && first.Text.StartsWith('*');

    internal static Bits? Field(ObjectReader reader, string name, CronField field)
    {
        if (!reader.Has(name))
            return null;
        var bits = default(Bits);
        foreach (var item in reader.OneOrMany(name))
            bits = bits.Or(Item(reader, item, field));
        return bits;
    }

    static Bits Item(ObjectReader reader, Node item, CronField field)
    {
        if (item.Kind is not (NodeKind.Number or NodeKind.String))
        {
            reader.Problems.Add(
                item, ReadingCodes.WrongType,
                $"Expected a number or a text, found {item.Describe()}.",
                $"Use {field.Limits}.");
            return default;
        }

        var errors = new List<TimingError>();
        var bits = new CronFieldReader(field, item.Text, 1, errors).Read();
        foreach (var _ in errors)
            reader.Problems.Add(
                item, ScheduleCodes.BadField,
                $"'{item.Text}' is no {field.Name}.",
                $"Use {field.Limits}, ranges such as {field.Min}-{field.Max} and steps such as */2.");
        return bits;
    }

    internal static Bits? Days(ObjectReader reader, ref Bits fromEnd)
    {
        if (!reader.Has("dayOfMonth"))
            return null;
        var days = default(Bits);
        foreach (var item in reader.OneOrMany("dayOfMonth"))
        {
            if (item.Kind == NodeKind.String && LastDay(item.Text) is { } back)
                fromEnd = fromEnd.Or(Bits.Of(back));
            else
                days = days.Or(Item(reader, item, CronField.All[2]));
        }

        return days;
    }

    /// <summary>1 for the last day, 2 for the one before it; null for anything else.</summary>
    static int? LastDay(string text)
    {
        if (text == "last")
            return 1;
        return text.StartsWith("last-", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var back) && back is >= 1 and <= 30 ? back + 1 : null;
    }

    static List<YearRange> Years(ObjectReader reader)
    {
        var years = new List<YearRange>();
        foreach (var item in reader.OneOrMany("year"))
        {
            var parts = item.Text.Split('-');
            if (parts.Length <= 2 && TryYear(parts[0], out var first) && TryYear(parts[^1], out var last) && first <= last)
                years.Add(new YearRange(first, last));
            else
                reader.Problems.Add(
                    item, ScheduleCodes.BadField,
                    $"'{item.Text}' is no year.",
                    $"Use {_year.Limits}, or a range such as 2027-2029.");
        }

        return years;
    }

    static bool TryYear(string text, out int year) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out year) && year >= _year.Min && year <= _year.Max;
}

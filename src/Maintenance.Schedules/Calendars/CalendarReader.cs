namespace Maintenance.Schedules;

/// <summary>Reads an entry of <c>calendars</c>, or one that is written in place.</summary>
static class CalendarReader
{
    public static DayCalendar? Read(string name, Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "a calendar") is not { } reader)
            return null;
        var zone = ZoneReader.Read(reader, "timeZone");
        var rules = new List<CalendarRule>();
        if (reader.Value("rules") is not null)
        {
            foreach (var item in reader.List("rules"))
            {
                if (ObjectReader.Open(item, problems, "a rule") is not { } inner)
                    continue;
                Add(rules, inner);
                inner.Close();
            }
        }
        else
        {
            Add(rules, reader);
        }

        reader.Ignore("rules");
        reader.String("description");
        reader.Close();
        return new DayCalendar(name, rules, zone, node.ToJson());
    }

    static void Add(List<CalendarRule> rules, ObjectReader reader)
    {
        var dates = Each<DateSpan>(
            reader,
            "dates",
            DateSpan.TryParse, ScheduleCodes.BadDate,
            "is no date",
            "Write 2026-12-24, 2026-12-24..2027-01-02, or 12-24 for every year.");
        var windows = Each<TimeWindow>(
            reader,
            "times",
            TimeWindow.TryParse, ScheduleCodes.BadWindow,
            "is no part of a day",
            "Write 08:00-18:00, or 22:00-06:00 across midnight.");
        var days = Days(reader);
        if (!reader.Has("dates") && !reader.Has("times") && !reader.Has("days"))
            reader.Problems.Add(
                reader.Node, ScheduleCodes.EmptyCalendar,
                "The calendar covers everything.",
                "Give it \"dates\", \"days\" or \"times\", or \"rules\" with several of these.");
        rules.Add(new CalendarRule(dates, days, windows));
    }

    static Bits Days(ObjectReader reader)
    {
        var items = reader.OneOrMany("days");
        if (items.Count == 0)
            return FieldSet.AllWeekdays;
        var days = default(Bits);
        foreach (var item in items)
        {
            if (reader.Text(item) is not { } text)
                continue;
            var errors = new List<TimingError>();
            var bits = new CronFieldReader(CronField.All[4], text, 1, errors).Read();
            foreach (var error in errors)
                reader.Problems.Add(item, ScheduleCodes.BadField, $"'{text}' is no day of the week.", "Write mon, or mon-fri.");
            days = days.Or(CronExpression.FoldSunday(bits));
        }

        return days;
    }

    delegate bool TryParse<T>(string text, out T? value);

    static List<T> Each<T>(ObjectReader reader, string name, TryParse<T> parse, int code, string message, string fix) where T : class
    {
        var values = new List<T>();
        foreach (var item in reader.OneOrMany(name))
        {
            if (reader.Text(item) is not { } text)
                continue;
            if (parse(text, out var value) && value is not null)
                values.Add(value);
            else
                reader.Problems.Add(item, code, $"'{text}' {message}.", fix);
        }

        return values;
    }
}

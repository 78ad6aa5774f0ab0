using System.Text;
using System.Text.Json;

namespace Maintenance.Schedules;

/// <summary>Reads an entry of <c>calendars</c>, or one that is written in place.</summary>
/// <param name="files">Where an iCalendar file is read from; null: there are none.</param>
sealed class CalendarReader(ProblemList problems, ScheduleFolder? folder)
{
    const int OccurrencesMax = 200_000;

    static readonly string[] _ruleMembers = ["dates", "days", "dayOfMonth", "month", "times"];

    public DayCalendar? Read(string name, Node node)
    {
        if (ObjectReader.Open(node, problems, "a calendar") is not { } reader)
            return null;
        var zone = ZoneReader.Read(reader, "timeZone");
        var (written, events) = Events(reader);
        CheckCount(reader, events);
        var timed = reader.Has("events") || reader.Has("ics");
        var rules = Rules(reader, alone: !timed);
        reader.String("description");
        // One of a file's calendars has the name by which it is found there; an applied schedule has it in place, and keeps the name.
        name = reader.String("name") is { } own && name.Length == 0 ? own : name;
        reader.Close();
        return new DayCalendar(name, rules, zone, timed || name.Length > 0 ? Json(name, node, timed ? written : null) : node.ToJson())
        {
            Events = events,
        };
    }

    /// <summary>Every occurrence is kept in memory, so that a look-up is quick.</summary>
    void CheckCount(ObjectReader reader, List<CalendarEvent> events)
    {
        var left = OccurrencesMax;
        foreach (var one in events)
        {
            left -= one.Occurrences().Take(left + 1).Count();
            if (left >= 0)
                continue;
            problems.Add(
                reader.Value("events") ?? reader.Value("ics") ?? reader.Node,
                ScheduleCodes.BadEvent,
                $"The events come more than {OccurrencesMax} times before the year {FieldSet.LastServerYear + 1}.",
                "Give the rules an UNTIL or a COUNT, or write what comes each week as \"days\" and \"times\".");
            return;
        }
    }

    List<CalendarRule> Rules(ObjectReader reader, bool alone)
    {
        var rules = new List<CalendarRule>();
        foreach (var item in reader.List("rules"))
        {
            if (ObjectReader.Open(item, problems, "a rule") is not { } inner)
                continue;
            rules.Add(Rule(inner, alone: true));
            inner.Close();
        }

        var own = _ruleMembers.Any(reader.Has);
        if (own || (alone && !reader.Has("rules")))
            rules.Add(Rule(reader, alone));
        return rules;
    }

    CalendarRule Rule(ObjectReader reader, bool alone)
    {
        var dates = Each<DateSpan>(
            reader,
            "dates",
            DateSpan.TryParse, ScheduleCodes.BadDate,
            "is no date",
            "Write 2026-12-24, 2026-12-24..2027-01-02, or 12-24 or easter+1 for every year.");
        var windows = Each<TimeWindow>(
            reader,
            "times",
            TimeWindow.TryParse, ScheduleCodes.BadWindow,
            "is no part of a day",
            "Write 08:00-18:00, or 22:00-06:00 across midnight.");
        var (weekdays, nthDays) = Days(reader);
        var fromEnd = default(Bits);
        var monthDays = CalendarFieldsReader.Days(reader, ref fromEnd) ?? FieldSet.AllDays;
        var months = CalendarFieldsReader.Field(reader, "month", CronField.All[3]) ?? FieldSet.AllMonths;
        if (alone && !_ruleMembers.Any(reader.Has))
            problems.Add(
                reader.Node, ScheduleCodes.EmptyCalendar,
                "The calendar covers everything.",
                "Give it \"dates\", \"days\", \"dayOfMonth\", \"month\" or \"times\", \"rules\" with several of these, \"events\", or \"ics\".");
        return new CalendarRule(dates, weekdays, windows) { NthDays = nthDays, MonthDays = monthDays, MonthDaysFromEnd = fromEnd, Months = months };
    }

    (Bits Weekdays, IReadOnlyList<NthDay> NthDays) Days(ObjectReader reader)
    {
        var items = reader.OneOrMany("days");
        if (items.Count == 0)
            return (FieldSet.AllWeekdays, []);
        var (days, nth) = (default(Bits), new List<NthDay>());
        foreach (var item in items)
        {
            if (reader.Text(item) is not { } text)
                continue;
            if (WeekdayWords.Nth(text) is { } one)
                nth.Add(one);
            else if (WeekdayWords.Range(text) is { } some)
                days = days.Or(some);
            else
                problems.Add(item, ScheduleCodes.BadField, $"'{text}' is no day of the week.", "Write mon, mon-fri, 2nd tue, or last fri.");
        }

        return (days, nth);
    }

    /// <summary>Those of <c>events</c> and those of the iCalendar file.</summary>
    (List<EventText> Texts, List<CalendarEvent> Events) Events(ObjectReader reader)
    {
        var (texts, events) = (new List<EventText>(), new List<CalendarEvent>());
        foreach (var item in reader.List("events"))
        {
            if (EventText.Read(item, problems) is not { } text)
                continue;
            texts.Add(text);
            if (text.ToEvent(out var problem) is { } one)
                events.Add(one);
            else
                problems.Add(item, ScheduleCodes.BadEvent, problem, EventText.Example);
        }

        if (reader.Value("ics") is { } ics && reader.Text(ics) is { } path)
            texts.AddRange(Ics(ics, path));
        return (texts, texts.Count == events.Count ? events : [.. texts.Select(t => t.ToEvent(out _)).OfType<CalendarEvent>()]);
    }

    IReadOnlyList<EventText> Ics(Node node, string path)
    {
        if (folder is null)
        {
            problems.Add(node, ScheduleCodes.BadIcs, "There is no folder here that an iCalendar file could be in.", "Write \"events\" instead.");
            return [];
        }

        if (folder.Resolve(node, path, problems) is not { } file || folder.Read(node, file, IcsFile.LengthMax, problems) is not { } text)
            return [];
        return new IcsFile(file, problems).Read(text);
    }

    /// <summary>The calendar with its name and events in it, so that it can be read without the files that they came from.</summary>
    static string Json(string name, Node node, List<EventText>? events)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (name.Length > 0)
                json.WriteString("name", name);
            foreach (var member in node.Members.Where(m => m.Name is not ("ics" or "events" or "name")))
            {
                json.WritePropertyName(member.Name);
                json.WriteRawValue(member.Value.ToJson());
            }

            if (events is not null)
            {
                json.WriteStartArray("events");
                foreach (var one in events)
                    one.Write(json);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    delegate bool TryParse<T>(string text, out T? value);

    List<T> Each<T>(ObjectReader reader, string name, TryParse<T> parse, int code, string message, string fix) where T : class
    {
        var values = new List<T>();
        foreach (var item in reader.OneOrMany(name))
        {
            if (reader.Text(item) is not { } text)
                continue;
            if (parse(text, out var value) && value is not null)
                values.Add(value);
            else
                problems.Add(item, code, $"'{text}' {message}.", fix);
        }

        return values;
    }
}

namespace Maintenance.Schedules;

/// <summary>
/// Reads the events of an iCalendar file (RFC 5545): DTSTART, DTEND or DURATION, RRULE and EXDATE, as dates or times, local, in UTC or in
/// an IANA zone. What is about an event's time and not understood is a problem with its name; what is about anything else is passed over.
/// </summary>
sealed class IcsFile(string file, ProblemList problems)
{
    public const int LengthMax = 1024 * 1024;
    const int EventsMax = 1_000;
    const string Understood =
        "Understood are DTSTART, DTEND, DURATION, EXDATE and RRULE with FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY and BYDAY.";

    readonly List<EventText> _events = [];

    public IReadOnlyList<EventText> Read(string text)
    {
        var depth = new Stack<string>();
        List<IcsLine>? properties = null;
        foreach (var line in IcsLine.Of(text))
        {
            if (line.Name == "BEGIN")
            {
                depth.Push(line.Value.ToUpperInvariant());
                if (depth.Peek() == "VEVENT")
                    properties = [];
            }
            else if (line.Name == "END" && depth.TryPop(out var ended))
            {
                if (ended == "VEVENT" && properties is not null)
                    Add(properties);
            }
            else if (depth.TryPeek(out var inside) && inside == "VEVENT")
            {
                properties?.Add(line);
            }
        }

        if (depth.Count > 0 || !text.TrimStart('\uFEFF').StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase))
            Refuse(1, "This is no complete iCalendar file.", "It begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.");
        return _events;
    }

    void Add(List<IcsLine> properties)
    {
        if (properties.Any(p => p.Name == "STATUS" && p.Value.Equals("CANCELLED", StringComparison.OrdinalIgnoreCase)))
            return;
        var before = problems.Count;
        foreach (var unknown in properties.Where(p => p.Name is "RDATE" or "RECURRENCE-ID" or "EXRULE"))
            Refuse(unknown.Number, $"{unknown.Name} is not supported.", Understood);
        if (_events.Count == EventsMax)
            Refuse(
                properties.Count == 0 ? 1 : properties[0].Number, $"The file has more than {EventsMax} events.",
                "Remove those of past years.");
        var read = IcsEvent.Read(properties, Refuse);
        if (read is not null && problems.Count == before && _events.Count < EventsMax)
            _events.Add(read);
    }

    void Refuse(int line, string message, string fix) =>
        problems.Add(file, new Position(line, 1), ScheduleCodes.BadIcs, "", message, fix.Length == 0 ? Understood : fix);
}

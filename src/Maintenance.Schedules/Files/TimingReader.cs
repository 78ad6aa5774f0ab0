namespace Maintenance.Schedules;

/// <summary>Reads the members that say when: <c>cron</c>, <c>every</c>, <c>calendar</c>, <c>onCalendar</c>, <c>at</c>; each one value or a list.</summary>
sealed class TimingReader(ObjectReader reader, Zone zone, DstRules dst, bool allowNever)
{
    /// <summary>The members that say when, in the order in which they are read.</summary>
    internal static readonly string[] Members = ["cron", "every", "calendar", "onCalendar", "at"];

    /// <summary>The last second of <see cref="FieldSet.LastServerYear"/>.</summary>
    const long LastServerTime = 4_133_980_799;

    readonly List<Timing> _timings = [];

    public IReadOnlyList<Timing> Read()
    {
        foreach (var item in reader.OneOrMany("cron"))
            ReadCron(item);
        ReadIntervals();
        foreach (var item in reader.OneOrMany("calendar"))
            ReadCalendar(item);
        foreach (var item in reader.OneOrMany("onCalendar"))
            ReadOnCalendar(item);
        foreach (var item in reader.OneOrMany("at"))
            ReadAt(item);
        if (!Members.Any(reader.Has))
            reader.Problems.Add(
                reader.Node, ScheduleCodes.NoTiming,
                "The schedule does not say when.",
                "Add \"cron\": \"30 3 * * *\", or one of every, calendar, onCalendar, at.");
        return _timings;
    }

    void ReadCron(Node item)
    {
        if (reader.Text(item) is not { } text)
            return;
        if (CronExpression.TryParse(text, out var cron, out var errors))
            Add(item, new FieldsTiming(text, FieldsOrigin.Cron, cron.Fields, zone, dst));
        else
            Report(item, ScheduleCodes.BadCron, errors);
    }

    void ReadOnCalendar(Node item)
    {
        if (reader.Text(item) is not { } text)
            return;
        if (OnCalendarExpression.TryParse(text, out var expression, out var errors))
            Add(item, expression.ToTiming(zone, dst));
        else
            Report(item, ScheduleCodes.BadOnCalendar, errors);
    }

    void ReadCalendar(Node item)
    {
        if (CalendarFieldsReader.Read(item, reader.Problems) is { } fields)
            Add(item, new FieldsTiming(item.ToJson(), FieldsOrigin.Calendar, fields, zone, dst));
    }

    void ReadIntervals()
    {
        var offset = reader.Duration("offset");
        if (offset is not null && !reader.Has("every"))
            reader.Problems.Add(
                reader.Value("offset") ?? reader.Node,
                ScheduleCodes.BadInterval,
                "'offset' belongs to 'every', which is absent.",
                "Add \"every\", or remove \"offset\".");
        foreach (var item in reader.OneOrMany("every"))
        {
            if (reader.Text(item) is not { } text)
                continue;
            if (!Durations.TryParse(text, out var every))
                reader.Problems.Add(item, ReadingCodes.BadDuration, $"Expected a length of time, found '{text}'.", Durations.Example);
            else if (every < TimeSpan.FromSeconds(1) || every.Ticks % TimeSpan.TicksPerSecond != 0)
                reader.Problems.Add(item, ScheduleCodes.BadInterval, $"'{text}' is no whole number of seconds.", "Use at least 1s.");
            else if (offset >= every)
                reader.Problems.Add(
                    reader.Value("offset") ?? item,
                    ScheduleCodes.BadInterval,
                    $"offset ({Durations.Format(offset.Value)}) is not shorter than every ({text}).",
                    "Make it shorter.");
            else
                _timings.Add(new IntervalTiming(text, (long)every.TotalSeconds, (long)(offset ?? TimeSpan.Zero).TotalSeconds));
        }
    }

    void ReadAt(Node item)
    {
        if (reader.Text(item) is not { } text)
            return;
        if (Instants.TryParse(text, out var instant))
            Add(item, new InstantTiming(text, instant.ToUnixTimeSeconds()));
        else if (Instants.TryParseLocal(text, out var local))
            Add(item, new FieldsTiming(text, FieldsOrigin.At, OneTime(local), zone, dst));
        else
            reader.Problems.Add(
                item, ScheduleCodes.BadInstant,
                $"'{text}' is no point in time.",
                "Write 2026-12-24T03:00 (in the schedule's time zone), or 2026-12-24T03:00Z.");
    }

    static FieldSet OneTime(DateTime local) => new()
    {
        Seconds = Bits.Of(local.Second),
        Minutes = Bits.Of(local.Minute),
        Hours = Bits.Of(local.Hour),
        Days = Bits.Of(local.Day),
        Months = Bits.Of(local.Month),
        Years = [new YearRange(local.Year, local.Year)],
    };

    void Add(Node item, Timing timing)
    {
        var first = timing switch
        {
            FieldsTiming { Fields: var fields } => fields.Next(0),
            InstantTiming { At: var at } => at,
            _ => 0,
        };
        if (!allowNever && first > LastServerTime)
            reader.Problems.Add(
                item, ScheduleCodes.NeverDue,
                $"'{timing.Text}' is never due: "
                + (first == FieldSet.Never ? "no date matches." : $"a Temporal server's time ends with {FieldSet.LastServerYear}."),
                "Check the day of the month against the months, and the year.");
        else
            _timings.Add(timing);
    }

    void Report(Node item, int code, IReadOnlyList<TimingError> errors)
    {
        // With escapes in it a text is shorter than its source, and the error's column would point beside the mark.
        var plain = item.Source.Length == item.Text.Length + 2;
        foreach (var error in errors)
            reader.Problems.Add(
                reader.Problems.FileOf(item), plain ? item.Position with { Column = item.Position.Column + error.Column } : item.Position, code,
                item.Path, error.Message, error.Fix);
    }
}

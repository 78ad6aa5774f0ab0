namespace Maintenance.Schedules;

/// <summary>What the entries of one file share. <paramref name="Declared"/> also has calendars that could not be read.</summary>
sealed record ScheduleCommon(
    Zone TimeZone, IReadOnlyDictionary<string, DayCalendar> Calendars, IReadOnlyList<string> Declared, Node? Defaults)
{
    public static ScheduleCommon None { get; } = new(Zone.Utc, new Dictionary<string, DayCalendar>(), [], null) { AllowNever = true };

    /// <summary>A line that is never due is a slip in a file; on its own it may be asked about.</summary>
    public bool AllowNever { get; init; }

    /// <summary>Where calendars find files; null: nowhere.</summary>
    public ScheduleFolder? Folder { get; init; }
}

/// <summary>Reads one entry of <c>schedules</c>; what it leaves out comes from <c>defaults</c>.</summary>
sealed class ScheduleReader(ScheduleCommon common, ProblemList problems)
{
    const int IdLengthMax = 128;

    // A Temporal server takes no memo beyond 2 MiB, and warns from a quarter of that on.
    const int ResolvedMax = 512 * 1024;

    static readonly string[] _overlaps = [.. Enum.GetNames<Overlap>().Select(Camel)];
    static readonly string[] _missing = [.. Enum.GetNames<MissingRule>().Select(Camel)];
    static readonly string[] _repeated = [.. Enum.GetNames<RepeatedRule>().Select(Camel)];

    public Schedule? Read(Node node)
    {
        if (ObjectReader.Open(node, problems, "a schedule") is not { } own)
            return null;
        // The defaults' own problems are found once, by CheckDefaults.
        var defaults = common.Defaults is { Kind: NodeKind.Object } d ? ObjectReader.Open(d, new ProblemList(problems.File, "")) : null;
        var (id, job) = (ReadId(own), own.RequiredString("job"));
        var zone = ZoneReader.Read(own, "timeZone") ?? (defaults is null ? null : ZoneReader.Read(defaults, "timeZone")) ?? common.TimeZone;
        var policy = Policy.Read(this, own, defaults);
        var timings = new TimingReader(own, zone, policy.Dst, common.AllowNever).Read();
        var schedule = new Schedule
        {
            Id = id ?? "",
            Job = job ?? "",
            Timings = timings,
            TimeZone = zone,
            Dst = policy.Dst,
            InputJson = ReadInput(own),
            Overlap = policy.Overlap,
            CatchUp = policy.CatchUp
                ?? (policy.StartBy is { } limit && limit < ScheduleDefaults.CatchUp ? limit : ScheduleDefaults.CatchUp),
            Jitter = policy.Jitter,
            StartBy = policy.StartBy,
            FinishBy = policy.FinishBy,
            PauseOnFailure = policy.PauseOnFailure,
            PausedReason = ReadPaused(own),
            Description = own.String("description"),
            Owner = policy.Owner,
            Runbook = policy.Runbook,
            Tags = policy.Tags,
            Exclude = policy.Exclude,
            Only = policy.Only,
            SourceText = node.Source,
            Node = node,
        };
        own.Close();
        CheckRelations(own, schedule, policy);
        var resolved = ResolvedSchedule.Write(schedule);
        if (resolved.Length > ResolvedMax)
            problems.Add(
                node, ScheduleCodes.TooManyEntries,
                $"With its calendars and inputs the schedule has {resolved.Length} characters, more than {ResolvedMax}; each run carries "
                    + "them.",
                "Remove past events from its calendars, or name fewer calendars.");
        return schedule with { ResolvedJson = resolved };
    }

    public void CheckDefaults()
    {
        if (common.Defaults is null || ObjectReader.Open(common.Defaults, problems) is not { } reader)
            return;
        ZoneReader.Read(reader, "timeZone");
        Policy.Read(this, reader, null);
        reader.Close();
    }

    /// <summary>The members that may stand in an entry or in <c>defaults</c>.</summary>
    sealed record Policy(
        DstRules Dst, Overlap Overlap, TimeSpan? CatchUp, TimeSpan Jitter, TimeSpan? StartBy, TimeSpan? FinishBy, bool PauseOnFailure,
        string? Owner, string? Runbook, IReadOnlyList<string> Tags, IReadOnlyList<DayCalendar> Exclude, IReadOnlyList<DayCalendar> Only)
    {
        public static Policy Read(ScheduleReader reader, ObjectReader own, ObjectReader? defaults)
        {
            // Asks the entry first, so that every member counts as known there.
            T? Of<T>(Func<ObjectReader, T?> read) where T : struct => read(own) ?? (defaults is null ? null : read(defaults));
            T? Text<T>(Func<ObjectReader, T?> read) where T : class => read(own) ?? (defaults is null ? null : read(defaults));
            IReadOnlyList<T> List<T>(string name, Func<ObjectReader, IReadOnlyList<T>> read) =>
                read(own) is var list && (own.Has(name) || defaults is null) ? list : read(defaults);

            var (ownDst, defaultDst) = (ReadDst(own), defaults is null ? default : ReadDst(defaults));
            return new Policy(
                new DstRules(
                    ownDst.Missing ?? defaultDst.Missing ?? MissingRule.Auto,
                    ownDst.Repeated ?? defaultDst.Repeated ?? RepeatedRule.Auto),
                Of(r => Word<Overlap>(r, "overlap", _overlaps)) ?? Overlap.Skip,
                Of(r => r.Duration("catchUp", ScheduleDefaults.CatchUpMin)),
                Of(r => r.Duration("jitter")) ?? TimeSpan.Zero,
                Of(r => r.Duration("startBy", TimeSpan.FromSeconds(1))),
                Of(r => r.Duration("finishBy", TimeSpan.FromSeconds(1))),
                Of(r => r.Bool("pauseOnFailure")) ?? false,
                Text(r => r.String("owner")),
                Text(r => r.String("runbook")),
                List("tags", r => r.Strings("tags")),
                List("exclude", r => reader.Calendars(r, "exclude")),
                List("only", r => reader.Calendars(r, "only")));
        }
    }

    static (MissingRule? Missing, RepeatedRule? Repeated) ReadDst(ObjectReader reader)
    {
        if (reader.Object("dst") is not { } dst)
            return default;
        var rules = (Word<MissingRule>(dst, "missing", _missing), Word<RepeatedRule>(dst, "repeated", _repeated));
        dst.Close();
        return rules;
    }

    static T? Word<T>(ObjectReader reader, string name, string[] words) where T : struct, Enum
    {
        var word = reader.OneOf(name, words);
        return word is null ? null : Enum.Parse<T>(word, ignoreCase: true);
    }

    List<DayCalendar> Calendars(ObjectReader reader, string name)
    {
        var calendars = new List<DayCalendar>();
        foreach (var item in reader.OneOrMany(name))
        {
            if (item.Kind == NodeKind.Object)
            {
                if (new CalendarReader(reader.Problems, common.Folder).Read("", item) is { } inPlace)
                    calendars.Add(inPlace);
            }
            else if (reader.Text(item) is { } wanted)
            {
                if (common.Calendars.TryGetValue(wanted, out var calendar))
                    calendars.Add(calendar);
                else if (!common.Declared.Contains(wanted))
                    reader.Problems.Add(
                        item, ScheduleCodes.UnknownCalendar,
                        $"There is no calendar '{wanted}'.",
                        common.Declared.Count == 0
                            ? "Declare it in \"calendars\" at the top of the file."
                            : NearestName.Suggest(wanted, common.Declared));
            }
        }

        return calendars;
    }

    string? ReadId(ObjectReader reader)
    {
        if (reader.RequiredString("id") is not { } id)
            return null;
        if (id.Length <= IdLengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && char.IsAsciiLetterOrDigit(id[0]))
            return id;
        problems.Add(
            reader.Value("id") ?? reader.Node,
            ScheduleCodes.BadId,
            $"'{id}' cannot be an id.",
            $"Use letters, digits, '-', '_' and '.', beginning with a letter or digit, at most {IdLengthMax} characters.");
        return null;
    }

    string ReadInput(ObjectReader reader)
    {
        if (reader.Value("input") is not { } input)
            return "{}";
        if (input.Kind == NodeKind.Object)
            return input.ToJson();
        problems.Add(
            input, ReadingCodes.WrongType,
            $"Expected an object with the job's inputs, found {input.Describe()}.",
            "Write { \"name\": value } here.");
        return "{}";
    }

    string? ReadPaused(ObjectReader reader)
    {
        if (reader.Value("paused") is not { } paused || paused is { Kind: NodeKind.Boolean, IsTrue: false })
            return null;
        if (paused.Kind == NodeKind.String)
            return reader.Text(paused);
        problems.Add(
            paused, ScheduleCodes.PausedWithoutReason,
            "A paused schedule needs a reason.",
            "Write the reason instead of true: \"paused\": \"waits for the new server\".");
        return null;
    }

    void CheckRelations(ObjectReader reader, Schedule schedule, Policy policy)
    {
        if (schedule.StartBy is { } startBy)
        {
            if (policy.CatchUp is { } catchUp && startBy < catchUp)
                problems.Add(
                    reader.Value("startBy") ?? reader.Node,
                    ScheduleCodes.StartByBelowCatchUp,
                    $"startBy ({Durations.Format(startBy)}) is shorter than catchUp ({Durations.Format(catchUp)}): a run caught up later "
                        + "than that could never start.",
                    "Make startBy at least as long as catchUp.");
            if (schedule.Jitter >= startBy)
                problems.Add(
                    reader.Value("jitter") ?? reader.Node,
                    ScheduleCodes.JitterBeyondStartBy,
                    $"jitter ({Durations.Format(schedule.Jitter)}) is not shorter than startBy ({Durations.Format(startBy)}): some runs "
                        + "could never start.",
                    "Make startBy longer than jitter.");
        }

        if (schedule.FinishBy is { } finishBy && finishBy <= (schedule.StartBy ?? TimeSpan.Zero))
            problems.Add(
                reader.Value("finishBy") ?? reader.Node,
                ScheduleCodes.FinishByBelowStartBy,
                $"finishBy ({Durations.Format(finishBy)}) is not longer than "
                    + $"startBy ({Durations.Format(schedule.StartBy ?? TimeSpan.Zero)}).",
                "Both count from the due time; make finishBy longer.");
    }

    internal static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

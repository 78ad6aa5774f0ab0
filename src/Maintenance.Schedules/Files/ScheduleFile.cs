namespace Maintenance.Schedules;

/// <summary>Reads schedules.json: every problem at once, or the schedules.</summary>
public static class ScheduleFile
{
    public const string CodePrefix = "SCH";

    /// <param name="jobs">The jobs that there are; a schedule of another is a problem. Null: not looked at.</param>
    public static ReadResult<ScheduleSet> Read(string text, string path, IReadOnlyCollection<string>? jobs = null)
    {
        var problems = new ProblemList(path, CodePrefix);
        var root = NodeParser.Parse(text, problems);
        var set = root is null ? null : ReadRoot(root, problems);
        if (jobs is not null)
            set?.CheckJobs(jobs, problems);
        return problems.Result(set);
    }

    /// <summary>Reads one entry that stands on its own (<see cref="Schedule.ResolvedJson"/>, or a bare entry without named calendars).</summary>
    public static ReadResult<Schedule> ReadResolved(string text, string name = "schedule")
    {
        var problems = new ProblemList(name, CodePrefix);
        var root = NodeParser.Parse(text, problems);
        return problems.Result(root is null ? null : new ScheduleReader(ScheduleCommon.None, problems).Read(root));
    }

    static ScheduleSet? ReadRoot(Node root, ProblemList problems)
    {
        if (ObjectReader.Open(root, problems) is not { } reader)
            return null;
        var zone = ZoneReader.Read(reader, "timeZone") ?? Zone.Utc;
        var calendars = new Dictionary<string, DayCalendar>(StringComparer.Ordinal);
        foreach (var member in reader.Members("calendars"))
        {
            if (CalendarReader.Read(member.Name, member.Value, problems) is { } calendar)
                calendars[member.Name] = calendar;
        }

        var declared = reader.Value("calendars")?.Members.Select(m => m.Name).ToList() ?? [];
        var common = new ScheduleCommon(zone, calendars, declared, reader.Value("defaults"));
        var schedules = ReadSchedules(reader, new ScheduleReader(common, problems));
        if (common.Defaults is not null)
            new ScheduleReader(common, problems).CheckDefaults();
        reader.Close();
        return new ScheduleSet(problems.File, zone, schedules);
    }

    static List<Schedule> ReadSchedules(ObjectReader reader, ScheduleReader entries)
    {
        var schedules = new List<Schedule>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        reader.Required("schedules");
        foreach (var node in reader.List("schedules"))
        {
            if (node.Find("id") is { Kind: NodeKind.String } id && !lines.TryAdd(id.Text, id.Position.Line))
                reader.Problems.Add(
                    id, ScheduleCodes.DuplicateId,
                    $"The id '{id.Text}' is taken by the schedule on line {lines[id.Text]}.",
                    "Ids name schedules on the server; choose another.");
            if (entries.Read(node) is { } schedule)
                schedules.Add(schedule);
        }

        return schedules;
    }
}

namespace Maintenance.Schedules;

/// <summary>Reads schedules.json with all that it takes in: every problem at once, or the schedules.</summary>
public static class ScheduleFile
{
    public const string CodePrefix = "SCH";

    /// <summary>Reads a file that stands alone.</summary>
    /// <param name="jobs">The jobs that there are; a schedule of another is a problem. Null: not looked at.</param>
    public static ReadResult<ScheduleSet> Read(string text, string path, IReadOnlyCollection<string>? jobs = null)
    {
        var problems = new ProblemList(path, CodePrefix);
        return Read(text, path, new ScheduleSetReader(null, problems), null, jobs, problems);
    }

    /// <summary>
    /// Reads a file with those that it includes, and for a named environment the file of it (<c>schedules.NAME.json</c>).
    /// </summary>
    /// <param name="environment">Empty: the base alone.</param>
    public static ReadResult<ScheduleSet> Read(
        IFileTexts texts, string path, string environment = "", IReadOnlyCollection<string>? jobs = null)
    {
        var problems = new ProblemList(path, CodePrefix);
        var overlay = environment.Length == 0 ? null : ReadEnvironment(texts, EnvironmentFile.PathOf(path, environment), problems);
        var text = ReadText(texts, path, "Name another with `--schedules FILE`.", problems);
        var folder = new ScheduleFolder(texts, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return text is null
            ? problems.Result<ScheduleSet>(null)
            : Read(text, path, new ScheduleSetReader(folder, problems), overlay, jobs, problems);
    }

    /// <summary>
    /// Reads one entry that stands on its own (<see cref="Schedule.ResolvedJson"/>, or a bare entry without named calendars).
    /// </summary>
    public static ReadResult<Schedule> ReadResolved(string text, string name = "schedule")
    {
        var problems = new ProblemList(name, CodePrefix);
        var root = NodeParser.Parse(text, problems);
        return problems.Result(root is null ? null : new ScheduleReader(ScheduleCommon.None, problems).Read(root));
    }

    static ReadResult<ScheduleSet> Read(
        string text, string path, ScheduleSetReader reader, EnvironmentFile? overlay, IReadOnlyCollection<string>? jobs,
        ProblemList problems)
    {
        var root = NodeParser.Parse(text, problems);
        var set = root is null ? null : reader.Read(path, root, overlay);
        if (jobs is not null)
            set?.CheckJobs(jobs, problems);
        return problems.Result(set);
    }

    static EnvironmentFile? ReadEnvironment(IFileTexts texts, string path, ProblemList problems)
    {
        if (ReadText(texts, path, "An environment NAME has its file schedules.NAME.json beside schedules.json.", problems) is not { } text)
            return null;
        var own = new ProblemList(path, CodePrefix);
        var root = NodeParser.Parse(text, own);
        problems.AddRange(own.ToList());
        return root is null ? null : EnvironmentFile.Open(path, root, problems);
    }

    static string? ReadText(IFileTexts texts, string path, string fix, ProblemList problems)
    {
        if (texts.Read(path, ScheduleTree.LengthMax, out var problem) is { } text)
            return text;
        problems.Add(path, new Position(1, 1), ScheduleCodes.CannotRead, "", $"The file cannot be read: {problem}", fix);
        return null;
    }
}

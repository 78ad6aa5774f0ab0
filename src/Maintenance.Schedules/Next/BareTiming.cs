namespace Maintenance.Schedules;

/// <summary>A timing outside any file, as given on a command line: what it says, or what is wrong with it and where.</summary>
public static class BareTiming
{
    /// <summary>
    /// A problem's file is the member that it is about (cron, timeZone, offset); its column counts in that member's text.
    /// </summary>
    /// <param name="member">cron, every, onCalendar or at, as in schedules.json.</param>
    public static ReadResult<Schedule> Read(
        string member, string text, string timeZone, string? missing = null, string? repeated = null,
        string? offset = null)
    {
        var problems = new ProblemList(member, ScheduleFile.CodePrefix);
        foreach (var error in Errors(member, text))
            problems.Add(
                new Position(1, error.Column),
                member == "cron" ? ScheduleCodes.BadCron : ScheduleCodes.BadOnCalendar,
                "",
                error.Message, error.Fix);
        if (problems.Any)
            return problems.Result<Schedule>(null);

        var read = ScheduleFile.ReadResolved(Entry(member, text, timeZone, missing, repeated, offset), member);
        return read.Ok ? read : new ReadResult<Schedule>(null, [.. read.Problems.Select(InMember)]);
    }

    static string Entry(string member, string text, string timeZone, string? missing, string? repeated, string? offset)
    {
        static string Members(params ReadOnlySpan<(string Name, string? Value)> members)
        {
            var written = new List<string>();
            foreach (var (name, value) in members)
            {
                if (value is not null)
                    written.Add($"{Quote(name)}: {Quote(value)}");
            }

            return string.Join(", ", written);
        }

        var timing = Members(("id", "x"), ("job", "x"), (member, text), ("timeZone", timeZone), ("offset", offset));
        return $"{{ {timing}, \"dst\": {{ {Members(("missing", missing), ("repeated", repeated))} }} }}";
    }

    /// <summary>The entry around the text is ours: its lines and columns say nothing to the caller.</summary>
    static Problem InMember(Problem problem) =>
        problem with { File = problem.Path.Length == 0 ? problem.File : problem.Path.Split('.', '[')[0], Line = 1, Column = 1, Path = "" };

    static IReadOnlyList<TimingError> Errors(string member, string text)
    {
        IReadOnlyList<TimingError> errors = [];
        _ = member switch
        {
            "cron" => CronExpression.TryParse(text, out _, out errors),
            "onCalendar" => OnCalendarExpression.TryParse(text, out _, out errors),
            _ => true,
        };
        return errors;
    }

    static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}

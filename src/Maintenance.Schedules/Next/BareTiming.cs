namespace Maintenance.Schedules;

/// <summary>A timing outside any file, as given on a command line: what it says, or what is wrong with it and where.</summary>
public static class BareTiming
{
    /// <param name="member">cron, every, onCalendar or at, as in schedules.json.</param>
    public static ReadResult<Schedule> Read(
        string member, string text, string timeZone, string? missing = null, string? repeated = null,
        string? offset = null)
    {
        var problems = new ProblemList(member, ScheduleFile.CodePrefix);
        var errors = Errors(member, text);
        foreach (var error in errors)
            problems.Add(
                new Position(1, error.Column),
                member == "cron" ? ScheduleCodes.BadCron : ScheduleCodes.BadOnCalendar,
                "",
                error.Message, error.Fix);
        if (problems.Any)
            return problems.Result<Schedule>(null);

        var members = new List<(string Name, string Value)> { (member, text), ("timeZone", timeZone) };
        if (offset is not null)
            members.Add(("offset", offset));
        var dst = new[] { ("missing", missing), ("repeated", repeated) }.Where(d => d.Item2 is not null).Select(d => $"{Quote(d.Item1)}: {Quote(d.Item2!)}").ToList();
        var json = string.Join(
            ", ",
            members.Select(m => $"{Quote(m.Name)}: {Quote(m.Value)}").Append($"\"dst\": {{ {string.Join(", ", dst)} }}"));
        return ScheduleFile.ReadResolved($"{{ \"id\": \"x\", \"job\": \"x\", {json} }}", member);
    }

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

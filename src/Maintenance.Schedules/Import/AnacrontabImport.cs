using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>
/// Turns anacron's jobs into schedules. Anacron has no time of day: it runs what is due when the machine is up. Here a job is due soon
/// after midnight, and is made up for as long as its period when the machine was off then.
/// </summary>
public static class AnacrontabImport
{
    public static ImportedLines Of(AnacrontabFile file, ImportOrigin origin, IEnumerable<string> taken)
    {
        var names = new JobNames(taken, origin.Host);
        var imported = file.Jobs.Where(job => job.Period != "0").Select(job => Line(job, origin, names.Named(job.Id))).ToList();
        var refused = file.Errors.Select(
            error =>
                new RefusedLine(
                    error.Line, $"Anacron skips the line: {error.Reason}.", "Repair it: period, delay in minutes, name, command."))
            .Concat(file.Jobs.Where(job => job.Period == "0")
                .Select(job =>
                    new RefusedLine(
                        job.Line, "The period is 0 days.", "Anacron runs it each time that it starts; say when it shall run.")));
        return new ImportedLines(imported, [.. refused.OrderBy(r => r.Line)]);
    }

    static ImportedLine Line(AnacrontabJob job, ImportOrigin origin, string name)
    {
        var (timing, catchUp) = Timing(job);
        var environment = job.Environment.Where(v => v.Key is not ("SHELL" or "LOGNAME" or "START_HOURS_RANGE" or "RANDOM_DELAY"))
            .ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        var entry = new CrontabEntry(
            job.Line, $"{job.Period} {job.DelayMinutes} {job.Id}", "root",
            job.Environment.GetValueOrDefault("SHELL", CrontabAssignment.DefaultShell),
            job.Command, "", environment);
        return new ImportedJob(job.Line, name, origin)
        {
            Description = job.Comment,
            Timing = timing,
            CatchUp = catchUp,
            RunAs = "root",
            Script = CrontabScript.Write(entry, origin.Source),
            Warnings =
            [
                $"anacron runs it at the first opportunity of each period; here it is due {job.DelayMinutes} minutes after midnight and "
                    + $"made up within {catchUp}",
                .. job.Command.Contains("run-parts", StringComparison.Ordinal)
                    ? ["it starts all scripts of a folder; import that folder instead to have a job for each of them"]
                    : (string[])[],
            ],
        }.ToLine();
    }

    static (IReadOnlyList<(string, JsonNode)> Timing, string CatchUp) Timing(AnacrontabJob job)
    {
        var (hour, minute) = (job.DelayMinutes / 60 % 24, job.DelayMinutes % 60);
        return (AnacrontabFile.NamedPeriod(job.Period) ?? job.Period.TrimStart('0')) switch
        {
            "@monthly" => ([("cron", $"{minute} {hour} 1 * *")], "28d"),
            "@yearly" => ([("cron", $"{minute} {hour} 1 1 *")], "365d"),
            "1" => ([("cron", $"{minute} {hour} * * *")], "23h"),
            "7" => ([("cron", $"{minute} {hour} * * 1")], "6d"),
            var days => ([("every", $"{days}d"), ("offset", $"{job.DelayMinutes}m")], $"{days}d"),
        };
    }
}

namespace Maintenance.Schedules;

/// <summary>Turns the scripts of a folder that cron hands to <c>run-parts</c> into a job each.</summary>
public static class RunPartsImport
{
    /// <param name="folder">Where the scripts lie on the machine that runs them.</param>
    /// <param name="schedule">When cron starts the folder.</param>
    public static ImportedLines Of(
        string folder, string schedule, IReadOnlyList<string> scripts, IReadOnlyList<(string Name, string Reason)> others,
        ImportOrigin origin, IEnumerable<string> taken)
    {
        var names = new JobNames(taken, origin.Host);
        var imported = scripts.Select(script =>
        {
            var entry = new CrontabEntry(
                0, schedule, "root", CrontabAssignment.DefaultShell, $"{folder}/{script}", "",
                new Dictionary<string, string> { ["PATH"] = "/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin" });
            return new ImportedJob(0, names.Named(script), origin)
            {
                Description = $"{folder}/{script}",
                Timing = [("cron", schedule)],
                RunAs = "root",
                Script = CrontabScript.Write(entry, $"{folder}/{script}"),
                Warnings =
                [
                    "run-parts starts the scripts of a folder one after the other; as jobs of their own they start at the same time",
                ],
            }.ToLine();
        });
        return new ImportedLines(
            [.. imported],
            [.. others.Select(o => new RefusedLine(0, $"{o.Name}: {o.Reason}.", "Rename it, or make it executable, if it shall run."))]);
    }
}

namespace Maintenance.Schedules;

/// <summary>Turns the lines of a crontab into schedules and jobs that people would keep.</summary>
public static class CrontabImport
{
    /// <param name="owner">Whose crontab it is; null where nothing says so, and for files with a user on each line.</param>
    /// <param name="taken">Ids that exist already.</param>
    public static ImportedLines Of(CrontabFile file, ImportOrigin origin, string? owner, IEnumerable<string> taken)
    {
        var names = new JobNames(taken, origin.Host);
        var (imported, refused) = (new List<ImportedLine>(), new List<RefusedLine>());
        foreach (var entry in file.Entries)
        {
            if (CronExpression.TryParse(entry.Schedule, out _, out var errors))
                imported.Add(Line(entry, origin, owner, names.For(entry.Command)));
            else
                refused.Add(new RefusedLine(entry.Line, errors[0].Message, errors[0].Fix));
        }

        foreach (var error in file.Errors)
            refused.Add(new RefusedLine(error.Line, $"Cron refuses the line: {error.Reason}.", Advice(error)));
        foreach (var line in file.Disabled)
            refused.Add(
                new RefusedLine(
                    line.Line, $"A comment that looks like a line switched off: {line.Schedule} {line.Command}",
                    "Remove the # and import again if it shall run."));
        return new ImportedLines(imported, [.. refused.OrderBy(r => r.Line)]);
    }

    static string Advice(CrontabError error) => error.Reason switch
    {
        // What cronie has, of Fedora and SUSE among others.
        _ when error.Text.StartsWith('-') =>
            "Cronie takes a '-' before the minute for \"do not log\"; remove it. Debian's cron ignores the whole file because of it.",
        _ when error.Text.Split(' ', '\t').Take(5).Any(field => field.Contains('~')) =>
            "Cronie draws a random time where '~' stands; write a fixed one and set \"jitter\" for the spread. Debian's cron ignores the "
                + "whole file because of it.",
        _ when error.Reason == "command too long" =>
            "Debian's cron takes 998 characters, cronie more; put the command into a script. Debian's cron ignores the whole file because "
                + "of it.",
        CrontabLine.BadUser => "A file of the system needs a user before the command; Debian's cron ignores the whole file because of it.",
        _ => "Repair it; Debian's cron ignores the whole file because of it.",
    };

    static ImportedLine Line(CrontabEntry entry, ImportOrigin origin, string? owner, string name) =>
        new ImportedJob(entry.Line, name, origin)
        {
            Description = entry.Comment,
            Timing = [("cron", entry.Schedule)],
            // Cron starts a line whatever still runs; keeping that is the import's business, improving it the owner's.
            Overlap = "allowAll",
            RunAs = entry.User ?? owner,
            Script = CrontabScript.Write(entry, origin.Source),
            Warnings = [.. Warnings(entry)],
        }.ToLine();

    static IEnumerable<string> Warnings(CrontabEntry entry)
    {
        if (entry.Environment.TryGetValue("MAILTO", out var mail) && mail.Length > 0)
            yield return $"cron mails the output to {mail}; here it is kept with the run, and notifications tell of failures";
        if (entry.Environment.ContainsKey("CRON_TZ"))
            yield return "Debian's cron ignores CRON_TZ; if it was meant, set \"timeZone\" to it";
        if (entry.Environment.ContainsKey("RANDOM_DELAY"))
            yield return "Debian's cron ignores RANDOM_DELAY; if it was meant, set \"jitter\"";
        foreach (var name in entry.Environment.Keys.Where(name => !CrontabScript.IsName(name)))
            yield return $"cron sets a variable '{name}', which no shell can; it is left out";
        if (entry.Command.EndsWith('\r') || entry.Stdin.Contains('\r', StringComparison.Ordinal))
            yield return "the line ends in a carriage return, which cron hands to the command; it is left out";
        if (entry.Command.Contains("run-parts", StringComparison.Ordinal))
            yield return "it starts all scripts of a folder; import that folder instead to have a job for each of them";
    }
}

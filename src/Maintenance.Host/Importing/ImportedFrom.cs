using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Host.Cli;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>The line of a crontab that a job came from, as the job's script says.</summary>
/// <param name="Command">As cron hands it to the shell.</param>
sealed partial record ImportedFrom(string File, int Line, string Schedule, string Command)
{
    /// <exception cref="CommandFailure">The job was not imported from a line of a crontab.</exception>
    public static ImportedFrom Of(string jobsDirectory, string job) => Find(jobsDirectory, job) ?? throw new CommandFailure(
        ExitCode.NotFound,
        $"{Script(jobsDirectory, job)} does not say which line of which crontab it was imported from. Switch that off by hand; a timer "
            + "with `systemctl disable --now NAME.timer`.");

    /// <summary>Null for other jobs.</summary>
    public static ImportedFrom? Find(string jobsDirectory, string job)
    {
        if (Script(jobsDirectory, job) is var script && !System.IO.File.Exists(script))
            return null;
        var text = System.IO.File.ReadAllText(script);
        return Head().Match(text) is { Success: true } head && Exec().Match(text) is { Success: true } exec
            ? new ImportedFrom(
                head.Groups[1].Value, int.Parse(head.Groups[2].Value, CultureInfo.InvariantCulture), head.Groups[3].Value,
                exec.Groups[1].Value.Replace(@"'\''", "'", StringComparison.Ordinal).Trim(' ', '\t'))
            : null;
    }

    /// <summary>Whether a crontab has the line, wherever it is by now, and not switched off.</summary>
    public bool IsOn(byte[] crontab) => new[] { CrontabForm.User, CrontabForm.System }
        .SelectMany(form => CrontabFile.Parse(crontab, form).Entries)
        .Any(entry => entry.Schedule == Schedule && entry.Command.TrimEnd('\r').Trim(' ', '\t') == Command);

    static string Script(string jobsDirectory, string job) => Path.Combine(jobsDirectory, job, ImportWriter.ScriptName);

    [GeneratedRegex(@"^exec .+? -c '((?:[^']|'\\'')*)'", RegexOptions.Multiline)]
    private static partial Regex Exec();

    [GeneratedRegex(@"^# Imported from (.+), line (\d+): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Head();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Importing;

/// <summary>Where a job came from, as the head of its script says.</summary>
sealed partial record ImportedFrom(string File, int Line, string Schedule)
{
    /// <exception cref="CommandFailure">The job was not imported from a line of a crontab.</exception>
    public static ImportedFrom Of(string jobsDirectory, string job)
    {
        var script = Path.Combine(jobsDirectory, job, ImportWriter.ScriptName);
        if (System.IO.File.Exists(script) && Head().Match(System.IO.File.ReadAllText(script)) is { Success: true } head)
            return new ImportedFrom(head.Groups[1].Value, int.Parse(head.Groups[2].Value, CultureInfo.InvariantCulture), head.Groups[3].Value);
        throw new CommandFailure(
            ExitCode.NotFound,
            $"{script} does not say which line of which crontab it was imported from. Switch that off by hand; a timer with `systemctl disable --now NAME.timer`.");
    }

    /// <summary>The command of the line that a job was imported from; null for other jobs.</summary>
    public static string? Command(string jobsDirectory, string job)
    {
        var script = Path.Combine(jobsDirectory, job, ImportWriter.ScriptName);
        return System.IO.File.Exists(script) && System.IO.File.ReadAllText(script) is var text && Head().IsMatch(text) && Exec().Match(text) is { Success: true } exec
            ? exec.Groups[1].Value.Replace(@"'\''", "'", StringComparison.Ordinal).Trim(' ', '\t')
            : null;
    }

    [GeneratedRegex(@"^exec .+? -c '((?:[^']|'\\'')*)'", RegexOptions.Multiline)]
    private static partial Regex Exec();

    [GeneratedRegex(@"^# Imported from (.+), line (\d+): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Head();
}

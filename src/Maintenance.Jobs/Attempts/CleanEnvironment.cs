using System.Globalization;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>A script sees what is listed here, what its step declares, and nothing of the worker's own environment.</summary>
static class CleanEnvironment
{
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static Dictionary<string, string> For(
        AttemptRequest request, AttemptFolder folder, AttemptKey key, IReadOnlyDictionary<string, string> secrets, SystemUser? user = null)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = DefaultPath,
            ["HOME"] = user?.Home ?? Environment.GetEnvironmentVariable("HOME") ?? "/",
            ["USER"] = user?.Name ?? Environment.UserName,
            ["LOGNAME"] = user?.Name ?? Environment.UserName,
            ["SHELL"] = "/bin/sh",
            ["LANG"] = "C.UTF-8",
        };
        if (Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } zone)
            environment["TZ"] = zone;
        foreach (var (name, value) in request.Environment)
            environment[name] = value;
        foreach (var (name, value) in secrets)
            environment[name] = value;

        // Last: what the runner itself relies on is not for the job to change.
        environment["TMPDIR"] = folder.TempFolder;
        environment["MAINTENANCE_JOB"] = request.Job;
        environment["MAINTENANCE_STEP"] = request.Step;
        environment["MAINTENANCE_STEP_ATTEMPT"] = request.Attempt.ToString(CultureInfo.InvariantCulture);
        environment["MAINTENANCE_RUN_ID"] = request.RunId;
        environment["MAINTENANCE_OUTPUT"] = folder.OutputsFile;
        environment[ProcessTable.MarkerVariable] = key.FolderName;
        return environment;
    }
}

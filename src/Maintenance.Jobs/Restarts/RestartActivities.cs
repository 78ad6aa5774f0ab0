using System.Diagnostics;
using System.Globalization;
using Maintenance.Jobs.Attempts.Posix;
using Maintenance.Jobs.Definition;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Restarts;

/// <summary>Which boot of the host, which process of the runner or of a service there is now.</summary>
/// <param name="bootIdFile">The kernel's; another file in tests.</param>
/// <param name="time">For the pauses between two looks.</param>
public sealed class RestartActivities(string bootIdFile, TimeProvider time)
{
    public const string KernelBootId = "/proc/sys/kernel/random/boot_id";

    static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan _systemctlTimeLimit = TimeSpan.FromSeconds(10);

    // As it was when this worker started: a worker on a new boot is a new process anyway, but a test's boot id changes under it.
    readonly string _runner = Describe(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not show this process.");
    readonly string _worker = Guid.NewGuid().ToString("n")[..8];

    [Activity("identify")]
    public PartIdentity Identify(RestartPlan plan) => new(plan.Part, plan.Part switch
    {
        RestartedPart.Host => File.ReadAllText(bootIdFile).Trim(),
        RestartedPart.Runner => $"{_runner}/{_worker}",
        _ when plan.Unit is { } unit => Unit(unit),
        _ => Service(plan.PidFile!),
    });

    /// <summary>Returns when another one is there. A worker that goes away in between hands the question to its successor.</summary>
    [Activity("await-restart")]
    public async Task<PartIdentity> AwaitOtherAsync(RestartQuestion question)
    {
        var context = ActivityExecutionContext.Current;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, context.WorkerShutdownToken);
        while (true)
        {
            var now = Identify(question.Plan);
            if (now.Value != question.Before.Value && now.Value.Length > 0)
                return now;
            context.Heartbeat(now.Value);
            try
            {
                await Task.Delay(_lookEvery, time, stop.Token);
            }
            catch (OperationCanceledException) when (context.WorkerShutdownToken.IsCancellationRequested)
            {
                throw new ApplicationFailureException("The worker is stopping; the next one looks on.", "WORKER_STOPPED");
            }
        }
    }

    /// <summary>Empty while the service is down.</summary>
    static string Service(string pidFile)
    {
        try
        {
            return int.TryParse(File.ReadAllText(pidFile).Trim(), CultureInfo.InvariantCulture, out var pid) ? Describe(pid) ?? "" : "";
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    static string? Describe(int pid) =>
        ProcessStat.Read(pid) is { State: not ('Z' or 'X') } stat ? $"process {pid} since tick {stat.StartTicks}" : null;

    /// <summary>systemd gives each start of a unit an id of its own; a unit that is not active has no current one.</summary>
    static string Unit(string unit)
    {
        using var show = Process.Start(
            new ProcessStartInfo("systemctl", ["show", "--property=InvocationID,ActiveState", unit]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("systemctl did not start.");
        var said = show.StandardOutput.ReadToEnd();
        if (!show.WaitForExit(_systemctlTimeLimit) || show.ExitCode != 0)
            throw new ApplicationFailureException($"`systemctl show {unit}` did not answer on this host.", "SYSTEMCTL");
        var facts = said.Split('\n').Select(l => l.Split('=', 2)).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1]);
        return facts.GetValueOrDefault("ActiveState") == "active" ? $"invocation {facts.GetValueOrDefault("InvocationID")}" : "";
    }
}

public sealed record PartIdentity(RestartedPart Part, string Value);

public sealed record RestartQuestion(RestartPlan Plan, PartIdentity Before);

using System.Security.Cryptography;
using System.Text;
using Maintenance.Host.Cli;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Settings;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Runtime;

/// <summary>
/// Applies schedules.json and the jobs when the worker starts and whenever they change. Files with a problem change nothing: what was applied last
/// goes on, and the problem is said until it is mended.
/// </summary>
sealed partial class ScheduleFiles(
    HostSettings settings, ITemporalClient client, RecordsConnection records, TimeProvider time, ILogger<ScheduleFiles> logger)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    // What was applied last; it stays as it was when an apply did not work, so that the next look tries again.
    string _seen = "";

    /// <summary>What is in force, null before the first successful apply.</summary>
    public DesiredState? Applied { get; private set; }

    /// <summary>Applies the files as they are.</summary>
    /// <returns>The plan that was carried out, or the problems that kept it from being.</returns>
    public async Task<(ReconcilePlan? Plan, IReadOnlyList<Problem> Problems)> ApplyAsync(CancellationToken stop)
    {
        await records.Ready.WaitAsync(stop);
        var desired = DesiredState.Load(settings.SchedulesFile, settings.JobsDirectory, time.GetUtcNow());
        if (!desired.Ok)
            return (null, desired.Problems);

        var reconciler = new Reconciler(client, records.Store, await OptionsAsync(settings, stop), time);
        var plan = await reconciler.PlanAsync(desired.Value, drift: false, stop);
        await reconciler.ApplyAsync(plan, stop);
        Applied = desired.Value;
        return (plan, []);
    }

    /// <summary>As <see cref="ApplyAsync"/>; null twice when the server or the records could not do it now. The watch then tries again.</summary>
    public async Task<(ReconcilePlan? Plan, IReadOnlyList<Problem> Problems)> TryApplyAsync(CancellationToken stop)
    {
        try
        {
            var seen = Signature();
            var applied = await ApplyAsync(stop);
            _seen = seen;
            return applied;
        }
        catch (Exception ex) when (ex is RpcException or RunStoreUnavailableException or ReconcileRefusedException)
        {
            LogNotApplied(logger, ex.Message);
            return (null, []);
        }
    }

    /// <summary>Looks at the files every two seconds and applies what changed.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        using var look = new PeriodicTimer(LookEvery, time);
        while (await look.WaitForNextTickAsync(stop))
        {
            var now = Signature();
            var renewal = Applied?.RenewAt is { } due && time.GetUtcNow() >= due;
            if (now != _seen || renewal)
                Say(await TryApplyAsync(stop));
        }
    }

    public static async Task<ReconcilerOptions> OptionsAsync(HostSettings settings, CancellationToken stop) => new()
    {
        Installation = StateFolder.InstallationOf(settings),
        GitCommit = await GitCommit.OfAsync(Path.GetDirectoryName(settings.SchedulesFile)!, stop),
        AppliedBy = TemporalAccess.Person,
    };

    void Say((ReconcilePlan? Plan, IReadOnlyList<Problem> Problems) applied)
    {
        foreach (var problem in applied.Problems)
            LogProblem(logger, problem.ToString());
        if (applied.Problems.Count > 0)
            LogKept(logger, applied.Problems.Count);
        else if (applied.Plan is { HasChanges: true } plan)
            LogApplied(logger, PlanText.Summary(plan));
    }

    string Signature()
    {
        var text = new StringBuilder();
        IEnumerable<string> files = [settings.SchedulesFile];
        if (Directory.Exists(settings.JobsDirectory))
            files = files.Concat(Directory.EnumerateFiles(settings.JobsDirectory, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(file);
            if (info.Exists)
                text.Append(file).Append('\0').Append(info.Length).Append('\0').Append(info.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied the changed files: {Changes}")]
    static partial void LogApplied(ILogger logger, string changes);

    [LoggerMessage(1002, LogLevel.Error, "{Problem}")]
    static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(1003, LogLevel.Error, "The changed files have {Count} problems; what was applied before goes on")]
    static partial void LogKept(ILogger logger, int count);

    [LoggerMessage(1004, LogLevel.Warning, "The changed files could not be applied yet and are tried again: {Reason}")]
    static partial void LogNotApplied(ILogger logger, string reason);
}

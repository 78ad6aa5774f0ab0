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

    /// <summary>Bad files are said again so often: one line in a night's log is easily overlooked.</summary>
    static readonly TimeSpan SayAgainEvery = TimeSpan.FromMinutes(10);

    static readonly TimeSpan RenewalLookEvery = TimeSpan.FromHours(1);

    static readonly string FilesAlarm = $"files:{Environment.MachineName}";

    const string RenewalAlarm = "renewal";

    static readonly string TimeZoneAlarm = $"time-zone-data:{Environment.MachineName}";

    /// <summary>So long a change by git may take before somebody should look at it.</summary>
    static readonly TimeSpan LockedMax = TimeSpan.FromMinutes(1);

    readonly WatchedFiles _files = new(settings);

    // What was applied last; it stays as it was when an apply did not work, so that the next look tries again.
    string _seen = "";
    string _lastLook = "";
    DateTimeOffset? _lockedSince;
    IReadOnlyList<Problem> _problems = [];
    DateTimeOffset _saidAt = DateTimeOffset.MinValue;
    DateTimeOffset _renewalSeenAt = DateTimeOffset.MinValue;
    string? _zonesOnDisk;

    /// <summary>What is in force, null before the first successful apply.</summary>
    public DesiredState? Applied { get; private set; }

    /// <summary>What the program should end with: whether the files were right when it was stopped.</summary>
    public int ExitCode => _problems.Count > 0 ? Cli.ExitCode.BadFiles : Cli.ExitCode.Ok;

    /// <summary>Applies the files as they are.</summary>
    /// <returns>
    /// The plan that was carried out, or the problems that kept it from being. Neither when the server or the records could not do it
    /// now, or when somebody was just changing the files: then the watch does it.
    /// </returns>
    public async Task<(ReconcilePlan? Plan, IReadOnlyList<Problem> Problems)> TryApplyAsync(CancellationToken stop)
    {
        try
        {
            await records.Ready.WaitAsync(stop);
            return LockOf() is { } held ? await RefuseAsync(held, stop) : await ApplyAsync(stop);
        }
        catch (Exception ex) when (ex is RpcException or RunStoreUnavailableException or ReconcileRefusedException)
        {
            LogNotApplied(logger, ex.Message);
            return (null, _problems);
        }
    }

    async Task<(ReconcilePlan? Plan, IReadOnlyList<Problem> Problems)> ApplyAsync(CancellationToken stop)
    {
        _files.Texts.Forget();
        var jobs = _files.Jobs();
        var desired = DesiredState.Load(settings, time.GetUtcNow(), _files.Texts);
        var read = _files.AsRead(jobs);
        if (LockOf() is not null || read != _files.Now())
            return (null, _problems);
        await NoteAsync(desired.Problems, stop);
        var plan = desired.Ok ? await ApplyAsync(desired.Value, stop) : null;
        _seen = read;
        return (plan, desired.Problems);
    }

    async Task<(ReconcilePlan? Plan, IReadOnlyList<Problem> Problems)> RefuseAsync(FileInfo held, CancellationToken stop)
    {
        // Whatever the files are when it is gone, they are looked at then.
        _seen = "";
        await NoteAsync([LockedProblem(held)], stop);
        return (null, _problems);
    }

    static Problem LockedProblem(FileInfo held) => new(
        held.FullName, 1, 1, $"{ScheduleFile.CodePrefix}{ScheduleCodes.Locked:000}", "",
        $"Git has been changing these files since {Instants.Format(held.LastWriteTimeUtc)} and has not finished.",
        "They are applied when it has; if no git is at work any more, remove this file and bring the checkout in order (`git status`, "
        + "`git reset --hard`).");

    /// <summary>The schedules may lie in another checkout than the jobs.</summary>
    FileInfo? LockOf() => CheckoutLock.Find(Path.GetDirectoryName(settings.SchedulesFile)!) ?? CheckoutLock.Find(settings.JobsDirectory);

    public async Task ApplyAndSayAsync(CancellationToken stop) => Say(await TryApplyAsync(stop));

    /// <summary>
    /// Looks at the files every two seconds and applies what changed, once it is the same in two looks: what is half written is on its way.
    /// </summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        // A database that has just come back may have no tables yet.
        await records.Ready.WaitAsync(stop);
        using var look = new PeriodicTimer(LookEvery, time);
        while (await look.WaitForNextTickAsync(stop))
        {
            var now = time.GetUtcNow();
            if (MayApply(now))
                await ApplyAndSayAsync(stop);
            else if (_problems.Count > 0 && now - _saidAt >= SayAgainEvery)
                Say((null, _problems));
            if (now - _renewalSeenAt >= RenewalLookEvery)
                await TryRenewAsync(now, stop);
            await TryNoteTimeZoneDataAsync(stop);
        }
    }

    bool MayApply(DateTimeOffset now)
    {
        var files = _files.Now();
        var settled = files == _lastLook;
        _lastLook = files;
        var changed = files != _seen;
        _lockedSince = changed && LockOf() is not null ? _lockedSince ?? now : null;
        if (_lockedSince is { } since)
            return now - since >= LockedMax && !_problems.Any(p => p.Code.EndsWith($"{ScheduleCodes.Locked}", StringComparison.Ordinal));
        return changed ? settled : _problems.Count == 0 && Applied?.RenewAt <= now;
    }

    async Task<ReconcilePlan> ApplyAsync(DesiredState desired, CancellationToken stop)
    {
        var reconciler = new Reconciler(client, records.Store, await OptionsAsync(settings, stop), time);
        var plan = await reconciler.PlanAsync(desired, drift: false, stop);
        await reconciler.ApplyAsync(plan, stop);
        Applied = desired;
        return plan;
    }

    /// <summary>Bad files must not keep the last good ones from being renewed; and when nothing can be renewed, people must know.</summary>
    async Task TryRenewAsync(DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            if (_problems.Count > 0 && Applied is { } applied && applied.RenewAt <= now && applied.Renewed(now) is { } renewed)
                await ApplyAsync(renewed, stop);
            var installation = StateFolder.InstallationOf(settings);
            var overdue = SpecRenewal.Overdue(await records.Store.ListAppliedSchedulesAsync(installation, stop), now);
            if (overdue.Count > 0)
                await RaiseAsync(RenewalAlarm, SpecRenewal.Message(overdue), stop);
            else
                await records.Store.ClearAlarmAsync(installation, RenewalAlarm, stop);
            if (overdue.Count > 0)
                LogRenewal(logger, SpecRenewal.Message(overdue));
            (_renewalSeenAt, _zonesOnDisk) = (now, null);
        }
        catch (Exception ex) when (ex is RpcException or RunStoreUnavailableException or ReconcileRefusedException)
        {
            LogNotApplied(logger, ex.Message);
        }
    }

    string FilesMessage(IReadOnlyList<Problem> problems)
    {
        var (count, first) = problems.Count == 1 ? ("a problem", "") : ($"{problems.Count} problems", "First: ");
        return $"{settings.SchedulesFile} or its jobs have {count}; what was applied before goes on. {first}{problems[0]}";
    }

    async Task NoteAsync(IReadOnlyList<Problem> problems, CancellationToken stop)
    {
        _problems = problems;
        if (problems.Count > 0)
            await RaiseAsync(FilesAlarm, FilesMessage(problems), stop);
        else
            await records.Store.ClearAlarmAsync(StateFolder.InstallationOf(settings), FilesAlarm, stop);
    }

    /// <summary>All parts of a process, the embedded engine too, go by the zones that it read at its start.</summary>
    async Task TryNoteTimeZoneDataAsync(CancellationToken stop)
    {
        try
        {
            var onDisk = Zones.DataVersionOnDisk;
            if (onDisk == _zonesOnDisk)
                return;
            if (onDisk == Zones.DataVersion)
                await records.Store.ClearAlarmAsync(StateFolder.InstallationOf(settings), TimeZoneAlarm, stop);
            else
                await RaiseTimeZoneDataAsync(onDisk, stop);
            _zonesOnDisk = onDisk;
        }
        catch (Exception ex) when (ex is RunStoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            // The records are away, or the package is just being replaced: the next look tells.
            LogNotApplied(logger, ex.Message);
        }
    }

    async Task RaiseTimeZoneDataAsync(string onDisk, CancellationToken stop)
    {
        await RaiseAsync(
            TimeZoneAlarm,
            $"the time zone data of {Environment.MachineName} is now {onDisk}, and this process goes by {Zones.DataVersion}; "
            + "`maintenance plan` shows what that changes, and a restart applies it.",
            stop);
        LogTimeZoneData(logger, onDisk, Zones.DataVersion);
    }

    Task RaiseAsync(string name, string message, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var alarm = new Alarm { Installation = StateFolder.InstallationOf(settings), Name = name, Message = message, Since = now, SeenAt = now };
        return records.Store.RaiseAlarmAsync(alarm, stop);
    }

    public static async Task<ReconcilerOptions> OptionsAsync(HostSettings settings, CancellationToken stop) => new()
    {
        Installation = StateFolder.InstallationOf(settings),
        GitCommit = await GitCommit.OfAsync(Path.GetDirectoryName(settings.SchedulesFile)!, stop),
        AppliedBy = TemporalAccess.Person,
    };

    void Say((ReconcilePlan? Plan, IReadOnlyList<Problem> Problems) applied)
    {
        _saidAt = time.GetUtcNow();
        foreach (var problem in applied.Problems)
            LogProblem(logger, problem.ToString());
        if (applied.Problems.Count > 0)
            LogKept(logger, applied.Problems.Count);
        else if (applied.Plan is { HasChanges: true } plan)
            LogApplied(logger, PlanText.Summary(plan));
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied the changed files: {Changes}")]
    static partial void LogApplied(ILogger logger, string changes);

    [LoggerMessage(1002, LogLevel.Error, "{Problem}")]
    static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(1003, LogLevel.Error, "Problems in the changed files: {Count}; what was applied before goes on")]
    static partial void LogKept(ILogger logger, int count);

    [LoggerMessage(1005, LogLevel.Error, "{Message}")]
    static partial void LogRenewal(ILogger logger, string message);

    [LoggerMessage(1006, LogLevel.Warning, "The time zone data of this machine is now {OnDisk}, and this process goes by {Used}; `maintenance plan` shows what that changes, and a restart applies it")]
    static partial void LogTimeZoneData(ILogger logger, string onDisk, string used);

    [LoggerMessage(1004, LogLevel.Warning, "The changed files could not be applied yet and are tried again: {Reason}")]
    static partial void LogNotApplied(ILogger logger, string reason);
}

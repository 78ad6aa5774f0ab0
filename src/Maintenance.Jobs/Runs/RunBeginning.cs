using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Runs;

/// <summary>Decides at the start of a run whether it may be, and with what: bundle, input, host, due time.</summary>
sealed class RunBeginning(JobsOptions options, IRunStore store, BundleCache bundles)
{
    const int DepthMax = 8;

    static readonly TimeSpan _lateAfter = TimeSpan.FromMinutes(1);

    public async Task<BeginResult> DecideAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        var begun = WithOccurrence(request, Plain(request));
        if (begun.Skip is not null)
            return begun;

        if (request.Depth > DepthMax)
            return begun with { Refusal = $"The job '{request.Job}' was started by a job that was started by a job, {request.Depth} deep. Look for jobs that start each other." };
        if (request.InputProblem is { } problem)
            return begun with { Refusal = $"The input of the job '{request.Job}' is no JSON: {problem} Start it with a JSON object." };

        var (before, gone) = await FindEarlierAsync(request, cancellationToken);
        if (gone is not null)
            return begun with { Refusal = gone, Orders = [RefusedRetry(begun, request, gone)] };
        var (source, hash, commit, missing) = await FindBundleAsync(request, before, cancellationToken);
        if (source is null)
            return begun with { Refusal = missing };
        var (values, problems) = InputBinding.Bind(source.Definition, request.Input);
        begun = begun with { BundleHash = hash, GitCommit = commit, Job = source.Definition };
        if (problems.Count > 0)
            return begun with { Refusal = $"The input does not fit the job '{request.Job}': {string.Join(' ', problems)}" };
        if (request.Memo.GetValueOrDefault(RunMemo.TargetsOf) is { } earlier)
        {
            if (await store.GetRunAsync(earlier, cancellationToken) is not { } run || run.Job != request.Job)
                return begun with { Refusal = $"There is no record of a run {earlier} of the job '{request.Job}' whose targets could be taken over." };
            begun = begun with { DoneTargets = DoneTargets.Of(run) };
        }

        if (before is not null)
            begun = Retry(begun, request, before, source.Definition);
        return begun with
        {
            Input = values,
            Files = source.Files.Where(f => f.Key is not (JobFolder.FileName or Definition.Inventory.FileName)).ToDictionary(),
            Inventory = source.Files.TryGetValue(Definition.Inventory.FileName, out var hosts) ? InventoryReader.Read(hosts, Definition.Inventory.FileName).Value! : Definition.Inventory.Empty,
        };
    }

    async Task<(RunRecord? Earlier, string? Problem)> FindEarlierAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        if (request.Memo.GetValueOrDefault(RunMemo.RetryOf) is not { } id)
            return (null, null);
        return await store.GetRunAsync(id, cancellationToken) is { } run
            ? (run, null)
            : (null, $"There is no record of run {id} in {store.Description}, so nothing can be taken over from it. Start the job anew.");
    }

    /// <summary>The same job as then, with the steps and targets that need not run again, and who wanted it so.</summary>
    static BeginResult Retry(BeginResult begun, BeginRequest request, RunRecord run, JobDefinition job)
    {
        var skip = request.Memo.GetValueOrDefault(RunMemo.RetrySkip);
        var (earlier, problem) = EarlierRun.Of(run, job, request.Memo.GetValueOrDefault(RunMemo.RetryFrom), skip, begun.Requester);
        if (earlier is null)
            return begun with { Refusal = problem, Orders = [RefusedRetry(begun, request, problem)] };
        var (who, why) = (begun.Requester ?? "unknown", request.Memo.GetValueOrDefault(RunMemo.Reason));
        var retry = new RunAction
        {
            At = request.StartedAt, Action = "retry", By = who, Step = earlier.From,
            Reason = $"of run {run.RunId}{(why is null ? "" : $": {why}")}",
        };
        return begun with
        {
            Earlier = earlier,
            DoneTargets = earlier.KeepsTargets ? DoneTargets.Of(run) : null,
            Orders = skip is null ? [retry] : [retry, retry with { Action = "skip", Step = skip, Reason = why ?? "left out of the retry" }],
        };
    }

    static RunAction RefusedRetry(BeginResult begun, BeginRequest request, string why) => new()
    {
        At = request.StartedAt, Action = "retry refused", By = begun.Requester ?? "unknown",
        Step = request.Memo.GetValueOrDefault(RunMemo.RetryFrom), Reason = why,
    };

    BeginResult Plain(BeginRequest request) => OnHost(request, new()
    {
        Cause = CauseOf(request),
        ScheduleId = request.Memo.GetValueOrDefault(RunMemo.Schedule),
        Requester = request.Memo.GetValueOrDefault(RunMemo.Requester),
        HostId = options.HostId,
        HostName = options.HostName,
        HostQueue = options.HostQueue,
        TimeZoneVersion = Zones.DataVersion,
        Limits = options.Limits,
        AnybodyAnswers = options.AnybodyAnswers,
    });

    /// <summary>A run that was started for a host runs there.</summary>
    static BeginResult OnHost(BeginRequest request, BeginResult begun) => request.Memo.GetValueOrDefault(RunMemo.Host) is { Length: > 0 } host
        ? begun with { HostId = host, HostName = request.Memo.GetValueOrDefault(RunMemo.HostName, host), HostQueue = TaskQueues.OfHost(host) }
        : begun;

    static RunCause CauseOf(BeginRequest request) => request.Memo.GetValueOrDefault(RunMemo.Cause) switch
    {
        { } word when Enum.TryParse<RunCause>(word, ignoreCase: true, out var cause) => cause,
        _ when request.ParentRunId is not null => RunCause.Child,
        _ => request.DueAt is null ? RunCause.Manual : RunCause.Schedule,
    };

    /// <summary>
    /// A trigger looks to Temporal like a due time. A start that is no due time is one, except on a full minute near a clock change: there the
    /// server's rules may differ from ours, and then the run should not be.
    /// </summary>
    static BeginResult WithOccurrence(BeginRequest request, BeginResult begun)
    {
        if (begun.Cause != RunCause.Schedule || request.DueAt is not { } dueAt || request.Memo.GetValueOrDefault(RunMemo.Spec) is not { } spec)
            return begun with { DueAt = begun.Cause == RunCause.Manual ? null : request.DueAt };
        var verdict = Occurrence.Check(spec, dueAt, request.StartedAt);
        // The server has a list of instants, which it cannot get wrong, made by other time zone data than ours, which may be the older one.
        if (verdict is not (OccurrenceVerdict.Due or OccurrenceVerdict.TooLate) && dueAt.Second == 0
            && request.Memo.GetValueOrDefault(RunMemo.TimeZoneData) is { } listedBy && listedBy != begun.TimeZoneVersion)
            return begun with { DueAt = dueAt };
        return verdict switch
        {
            OccurrenceVerdict.Due => begun with { DueAt = dueAt, Cause = IsCatchUp(spec, request.StartedAt - dueAt) ? RunCause.CatchUp : RunCause.Schedule },
            OccurrenceVerdict.NotDue { NearClockChange: var near } when dueAt.Second != 0 || !near => begun with { Cause = RunCause.Manual, DueAt = null, Requester = begun.Requester ?? "a trigger of the schedule" },
            var other => begun with { DueAt = dueAt, Skip = other.Reason },
        };
    }

    /// <summary>Late, and not because it waited for the run before: then nothing was there to start it in time.</summary>
    static bool IsCatchUp(string spec, TimeSpan late) => late > _lateAfter
        && ScheduleFile.ReadResolved(spec).Value is { Overlap: not (Overlap.BufferOne or Overlap.BufferAll) } schedule
        && late > schedule.Jitter + _lateAfter;

    async Task<(JobSource? Source, string? Hash, string? Commit, string Missing)> FindBundleAsync(
        BeginRequest request, RunRecord? earlier, CancellationToken cancellationToken)
    {
        var hash = earlier?.BundleHash ?? request.Memo.GetValueOrDefault(RunMemo.Bundle);
        var commit = earlier?.GitCommit ?? request.Memo.GetValueOrDefault(RunMemo.GitCommit);
        if (hash is null)
        {
            if (await bundles.CurrentAsync(store, request.Job, cancellationToken) is not { } current)
                return (null, null, null, await UnknownJobAsync(request.Job, cancellationToken));
            (hash, commit) = (current.Hash, current.GitCommit);
        }

        if (await bundles.GetAsync(store, hash, cancellationToken) is not { } content)
            return (null, hash, commit, $"The bundle {hash} of job '{request.Job}' is not in the record store ({store.Description}). Run `maintenance apply` to publish it again.");
        try
        {
            return (JobBundle.Open(hash, content), hash, commit, "");
        }
        catch (InvalidDataException unreadable)
        {
            // Trying again would not help, and the run must not wait for ever.
            return (null, hash, commit, unreadable.Message);
        }
    }

    async Task<string> UnknownJobAsync(string job, CancellationToken cancellationToken)
    {
        var known = (await store.ListJobsAsync(cancellationToken)).Select(j => j.Job).ToList();
        return known.Count == 0
            ? $"There is no job '{job}', and none has been applied yet. Run `maintenance apply` where the jobs folder is."
            : $"There is no job '{job}'. {(NearestName.Of(job, known) is { } near ? $"Did you mean '{near}'? " : "")}The jobs are: {string.Join(", ", known)}.";
    }
}

using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Locks;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>The run's side of locks: it asks, waits to be told, and gives back. A run without locks does nothing of this.</summary>
public sealed partial class JobRunWorkflow
{
    // Asked for or held, by the id of the request.
    readonly Dictionary<string, LockClaim> _claims = new(StringComparer.Ordinal);
    IReadOnlyList<LockClaim> _jobLocks = [];
    string? _lostLock;

    [WorkflowSignal("lock-granted")]
    public Task LockGrantedAsync(LockGrant grant)
    {
        // Who does not wait any more (it was cancelled, or its time was over) gives it back at once.
        if (!_claims.TryGetValue(grant.Id, out var claim))
            return TellLockAsync(grant.Lock, grant.Id);
        claim.Token = grant.Token;
        return Task.CompletedTask;
    }

    [WorkflowSignal("lock-queued")]
    public Task LockQueuedAsync(LockQueued queued)
    {
        if (!_claims.TryGetValue(queued.Id, out var claim) || claim.Token is not null)
            return Task.CompletedTask;
        claim.Queued = true;
        Progress.ChangeLock(queued.Id, l => l with { HeldBy = string.Join(", ", queued.Holders) });
        ShowWait(claim, queued.Text);
        return Task.CompletedTask;
    }

    [WorkflowSignal("lock-lost")]
    public Task LockLostAsync(LockLost lost)
    {
        if (!_claims.Remove(lost.Id, out var claim))
            return Task.CompletedTask;
        claim.Lost = true;
        _lostLock ??= $"lost the lock '{lost.Lock}', which {lost.By} took away: {lost.Reason.TrimEnd('.')}";
        Progress.ChangeLock(lost.Id, l => l with { ReleasedAt = Now(), LostTo = $"{lost.By}: {lost.Reason}" });
        return Task.CompletedTask;
    }

    /// <summary>Before the first step. When the run does not get its locks it ends with nothing begun, so nothing is cleaned up.</summary>
    async Task TakeJobLocksAsync()
    {
        if (Begun.Job!.Locks.Count == 0)
            return;
        Progress.Phase = "locks";
        var asked = Now();
        (_jobLocks, var end) = await TakeLocksAsync(Begun.Job.Locks, null, [], Workflow.CancellationToken);
        _heldUp += Now() - asked;
        if (end is null)
            return;
        var status = end.Status switch
        {
            StepStatus.Cancelled => RunStatus.Cancelled,
            StepStatus.TimedOut => RunStatus.TimedOut,
            _ => RunStatus.Failed,
        };
        Progress.End(status, $"The run {end.Reason}.");
        Progress.SkipPending("the run did not get its locks");
    }

    /// <summary>Runs the frame while its locks are held. A window that closed while it waited for them is waited for again.</summary>
    async Task<StepEnd> WithLocksAsync(StepFrame frame, IReadOnlyList<LockDefinition> locks, Func<StepFrame, Task<StepEnd>> run)
    {
        if (locks.Count == 0)
            return await run(frame);
        while (true)
        {
            var (taken, end) = await TakeLocksAsync(locks, frame, [.. _jobLocks, .. frame.Locks], frame.Cancellation);
            if (end is null && taken.Any(l => l.Queued) && frame.Step.Window is { } window && !frame.IsOverTargets
                && !(await LookAtWindowAsync(frame, window, 0)).Fits)
            {
                await ReleaseAsync(taken);
                if (await WindowAsync(frame, window) is { } outside)
                    return outside;
                continue;
            }

            end ??= await run(frame with { Locks = [.. frame.Locks, .. taken] });
            await ReleaseAsync(taken);
            return end;
        }
    }

    /// <summary>
    /// The step's locks that this frame takes: those about the item are each target's own, the others the step's as a whole. An undo has no
    /// step around it that holds any, and no <c>forEach</c>: it takes them all.
    /// </summary>
    IReadOnlyList<LockDefinition> LocksOf(StepFrame frame) => frame.Step switch
    {
        { Locks.Count: 0 } or { ForEach: null } => [.. frame.Step.Locks, .. QuorumsOf(frame)],
        _ => [.. frame.Step.Locks.Where(l => l.IsOfItem == frame.Target is not null), .. QuorumsOf(frame)],
    };

    /// <summary>A place in each quorum that the target is of: other runs may be working on its other hosts.</summary>
    IEnumerable<LockDefinition> QuorumsOf(StepFrame frame)
    {
        if (frame.Target?.Host is not { } host)
            return [];
        var above = QuorumPlacesAbove();
        var quorums = Begun.Inventory.Quorums
            .Where(q => q.Hosts.Contains(host.Name) && !above.Contains(PlaceOf(LockRules.QuorumPrefix + q.Name, host))).ToList();
        return quorums.Count > 0 && Workflow.Patched("quorums-over-runs") ? quorums.Select(LockDefinition.Of) : [];
    }

    /// <summary>Held by the runs above this one, for the host that it was started for.</summary>
    string[] QuorumPlacesAbove() => Request.Memo.GetValueOrDefault(RunMemo.QuorumPlaces)?.Split(',') ?? [];

    IEnumerable<string> QuorumPlacesAt(StepFrame frame) => frame.Target?.Host is { } host
        ? QuorumPlacesAbove().Concat(frame.Locks.Where(l => l.Definition.IsOfQuorum).Select(l => PlaceOf(l.Name, host)))
        : QuorumPlacesAbove();

    static string PlaceOf(string quorum, InventoryHost host) => $"{quorum}@{host.Name}";

    /// <summary>
    /// One after the other in the order of their names, so that no two runs can wait for each other; those of quorums, which nobody named,
    /// behind all others. Only a run for a host whose place is held above it comes to its own locks too late for that order: it does not wait for long.
    /// </summary>
    async Task<(IReadOnlyList<LockClaim> Taken, StepEnd? End)> TakeLocksAsync(
        IReadOnlyList<LockDefinition> locks, StepFrame? frame, IReadOnlyList<LockClaim> held, CancellationToken cancellation)
    {
        var step = frame is null ? null : Progress.At(frame.Position).Name;
        var facts = FactsOf(frame?.Target);
        var claims = locks.Select(l => (Lock: l, Name: facts.Resolve(l.Name)))
            .Select(l => new LockClaim(LockRequestId(l.Name, step), l.Name, l.Lock, step, frame?.Position)).ToList();
        var taken = new List<LockClaim>();
        foreach (var claim in claims)
            Progress.NameLock(claim);
        foreach (var claim in claims.OrderBy(c => c.Definition.IsOfQuorum).ThenBy(c => c.Name, StringComparer.Ordinal))
        {
            var end = ProblemOf(claim, claims, held) is { } problem
                ? new StepEnd(StepStatus.Failed, problem)
                : await TakeLockAsync(claim, cancellation);
            if (end is null)
            {
                taken.Add(claim);
                continue;
            }

            await ReleaseAsync(taken);
            return ([], end);
        }

        return (claims, null);
    }

    /// <summary>Null when the run holds the lock.</summary>
    async Task<StepEnd?> TakeLockAsync(LockClaim claim, CancellationToken cancellation)
    {
        var main = claim.Position is { } position && Progress.At(position).Part == StepPart.Main;
        var above = QuorumPlacesAbove();
        var patience = above.Length == 0 ? claim.Definition.Wait : Shorter(claim.Definition.Wait, Begun.Limits.Locks.WaitInQuorum);
        var limit = main ? Shorter(patience, RunTimeLeft()) : patience;
        _claims[claim.Id] = claim;
        Progress.ChangeLock(claim.Id, l => l with { AskedAt = Now() });
        claim.Until = Now() + limit;
        ShowWait(claim, claim.Name);
        var granted = await AskUntilGrantedAsync(claim, cancellation);
        ShowWait(claim, null);
        if (claim.Lost)
            return new StepEnd(StepStatus.Failed, _lostLock);
        if (claim.Token is not null)
        {
            Progress.ChangeLock(claim.Id, l => l with { GrantedAt = Now(), Token = claim.Token });
            return null;
        }

        await ReleaseAsync([claim]);
        if (!granted)
            return new StepEnd(StepStatus.Cancelled, $"was cancelled while it waited for the lock '{claim.Name}'");
        var holder = Progress.LockOf(claim.Id).HeldBy is { } held ? $"; when it asked it was held by {held}" : "";
        return new StepEnd(
            StepStatus.TimedOut,
            $"did not get the lock '{claim.Name}' in {Durations.Format(limit)}{holder}. "
            + (patience < claim.Definition.Wait
                ? $"It waits no longer since {string.Join(", ", above)} is held above it, and the lock's holder may wait for that. "
                    + "Let the job above name the lock instead"
                : "`maintenance locks` tells who holds it"));
    }

    /// <summary>
    /// Asks, and asks again while it waits: whoever ends a lock's workflow by hand makes it forget its queue. False when cancelled.
    /// </summary>
    async Task<bool> AskUntilGrantedAsync(LockClaim claim, CancellationToken cancellation)
    {
        var request = RequestFor(claim);
        for (var ask = 1; ; ask++)
        {
            await AskLockAsync(request, ask);
            try
            {
                var pause = AtLeastAMoment(Shorter(Begun.Limits.Locks.AskAgainAfter, claim.Until - Now()));
                var told = await Workflow.WaitConditionAsync(() => claim.Token is not null || claim.Lost, pause, cancellation);
                if (told || Now() >= claim.Until)
                    return true;
            }
            catch (Exception e) when (TemporalException.IsCanceledException(e))
            {
                return false;
            }
        }
    }

    LockRequest RequestFor(LockClaim claim) => new()
    {
        Id = claim.Id,
        Lock = claim.Name,
        Limit = claim.Definition.Limit,
        Priority = claim.Definition.Priority,
        Job = Request.Job,
        Step = claim.Step,
        WorkflowId = Request.WorkflowId,
        ExecutionRunId = Workflow.Info.RunId,
        RunId = Request.RunId,
        AskedAt = Now(),
    };

    async Task AskLockAsync(LockRequest request, int ask)
    {
        var message = new LockAsk(request, Begun.Limits.Locks);
        await Workflow.ExecuteActivityAsync(
            () => LockActivities.AskAsync(message),
            new ActivityOptions
            {
                ActivityId = $"lock/{(request.Step is null ? "" : $"{request.Step}/")}{request.Lock}/{ask}",
                Summary = $"lock {request.Lock}",
                StartToCloseTimeout = TimeSpan.FromSeconds(30),
                RetryPolicy = RunPolicies.Infrastructure,
                // Short, and a request that may have arrived has to be given back by its id.
                CancellationToken = CancellationToken.None,
            });
    }

    async Task ReleaseAsync(IReadOnlyList<LockClaim> claims)
    {
        var told = new List<Task>();
        foreach (var claim in claims.Reverse())
        {
            // One that was taken away is not ours to give back.
            if (!_claims.Remove(claim.Id))
                continue;
            if (claim.Token is not null)
                Progress.ChangeLock(claim.Id, l => l with { ReleasedAt = Now() });
            told.Add(TellLockAsync(claim.Name, claim.Id));
        }

        await Workflow.WhenAllAsync(told);
    }

    static async Task TellLockAsync(string name, string id)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(LockRules.WorkflowId(name))
                .SignalAsync("release", [id], new ExternalWorkflowSignalOptions { CancellationToken = CancellationToken.None });
        }
        catch (FailureException gone)
        {
            // The lock's workflow was ended by somebody; the next one to ask finds that this run holds it no more.
            Workflow.Logger.LogLockNotReleased(name, gone.Message);
        }
    }

    string? ProblemOf(LockClaim claim, IReadOnlyList<LockClaim> all, IReadOnlyList<LockClaim> held)
    {
        if (!LockRules.IsName(claim.Name))
            return $"names a lock '{claim.Name}', which is no name for one";
        if (all.Count(l => l.Name == claim.Name) > 1)
            return $"names the lock '{claim.Name}' twice";
        if (claim.Definition.IsOfQuorum)
            return null;
        if (LockRules.IsOfQuorum(claim.Name))
            return $"names the lock '{claim.Name}' of a quorum, in which runs take their places themselves";
        var last = LastOf(held);
        return last is null || string.CompareOrdinal(claim.Name, last) > 0
            ? null
            : $"cannot wait for its lock: {LockOrder.Problem(claim.Name, last)} {LockOrder.Fix.TrimEnd('.')}";
    }

    /// <summary>The name that further locks must sort behind; those of the run that started this one count too.</summary>
    string? LastOf(IEnumerable<LockClaim> held) =>
        held.Where(l => !l.Definition.IsOfQuorum).Select(l => l.Name).Append(Request.Memo.GetValueOrDefault(RunMemo.LocksBehind)).Max(StringComparer.Ordinal);

    Dictionary<string, string> WithLockTokens(StepFrame frame, IReadOnlyDictionary<string, string> environment)
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        foreach (var claim in _jobLocks.Concat(frame.Locks).Where(l => l is { Token: not null, Lost: false, Definition.IsOfQuorum: false }))
        {
            var token = claim.Token!.Value.ToString(CultureInfo.InvariantCulture);
            all.TryAdd(LockRules.TokenVariableOfFirst, token);
            all[LockRules.TokenVariable(claim.Name)] = token;
        }

        return all;
    }

    /// <param name="message">Null: it waits no more.</param>
    void ShowWait(LockClaim claim, string? message)
    {
        var view = message is null ? null : new WaitView { Kind = "lock", Step = claim.Step, Message = message, Until = claim.Until };
        if (claim.Position is { } position)
            Progress.Wait(position, view);
        else
            Progress.WaitingFor = view;
    }

    string LockRequestId(string name, string? step) => step is null ? $"{Request.RunId}/{name}" : $"{Request.RunId}/{step}/{name}";
}

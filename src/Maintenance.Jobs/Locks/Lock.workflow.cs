using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Locks;

/// <summary>
/// One lock: an entity that lives as long as the namespace. Runs ask and give back by signal and are told by signal; a run that vanished
/// without a word is found by looking at it while others wait. A lock that nobody holds has no timer and costs nothing.
/// </summary>
[Workflow(LockRules.WorkflowType)]
public sealed class LockWorkflow
{
    readonly LockLimits _limits;
    readonly List<LockRequest> _newcomers = [];
    LockState _state;
    DateTime _checkedAt;
    int _breaks;

    // What the handlers have changed, and how much of it has been looked at.
    int _changes;
    int _seen;

    [WorkflowInit]
    public LockWorkflow(LockStart start) => (_state, _limits) = (start.State, start.Limits);

    [WorkflowRun]
    public async Task RunAsync(LockStart start)
    {
        _checkedAt = Workflow.UtcNow;
        while (!IsLong)
        {
            _seen = _changes;
            await ServeAsync();
            await TellNewcomersAsync();
            if (!await WaitForChangeAsync())
                await CheckHoldersAsync();
        }

        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        throw Workflow.CreateContinueAsNewException((LockWorkflow w) => w.RunAsync(new(_state, _limits)));
    }

    [WorkflowSignal("ask")]
    public Task AskAsync(LockRequest request)
    {
        var before = _state;
        _state = _state.Ask(request);
        if (!ReferenceEquals(before, _state))
            _newcomers.Add(request);
        _changes++;
        return Task.CompletedTask;
    }

    [WorkflowSignal("release")]
    public Task ReleaseAsync(string id)
    {
        Drop(id);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Break-glass. The run that loses the lock is told and fails before its next step; its token is an old one from now on.
    /// </summary>
    [WorkflowUpdate("break")]
    public async Task<LockStatusView> BreakAsync(LockBreak order)
    {
        var by = order.By ?? "unknown";
        var losers = LosersOf(order);
        _breaks++;
        // Told before anybody else gets it, and before a database that may be away.
        foreach (var loser in losers)
        {
            await TellAsync(loser.Request, "lock-lost", new LockLost(loser.Request.Id, _state.Name, by, order.Reason!));
            Drop(loser.Request.Id);
        }

        await AuditAsync(order, by, losers);
        return _state.ToView();
    }

    [WorkflowUpdateValidator(nameof(BreakAsync))]
    public void CheckBreak(LockBreak order)
    {
        if (string.IsNullOrWhiteSpace(order.Reason))
            throw new ApplicationFailureException("A lock is only taken away with a reason. Say why.", "NoReason", nonRetryable: true);
        if (LosersOf(order).Count == 0)
            throw new ApplicationFailureException(
                order.Run is null
                    ? $"Nobody holds the lock '{_state.Name}'."
                    : $"The run {order.Run} does not hold the lock '{_state.Name}'.",
                "NotHeld", nonRetryable: true);
    }

    [WorkflowQuery("status")]
    public LockStatusView Status() => _state.ToView();

    /// <summary>Whether the token is of one that holds the lock now.</summary>
    [WorkflowQuery("check")]
    public bool IsGood(long token) => _state.Holders.Any(h => h.Token == token);

    bool IsLong => Workflow.ContinueAsNewSuggested || Workflow.CurrentHistoryLength > _limits.HistoryEventsMax;

    List<LockHolder> LosersOf(LockBreak order) =>
        [.. _state.Holders.Where(h => order.Run is null || h.Request.RunId.StartsWith(order.Run, StringComparison.Ordinal))];

    async Task ServeAsync()
    {
        // Telling one takes a while, in which others may have given back.
        while (_state.Grant(Now) is (var served, { Count: > 0 } granted))
        {
            _state = served;
            foreach (var holder in granted)
            {
                _newcomers.Remove(holder.Request);
                var grant = new LockGrant(holder.Request.Id, _state.Name, holder.Token);
                if (!await TellAsync(holder.Request, "lock-granted", grant))
                    Drop(holder.Request.Id);
            }
        }
    }

    async Task TellNewcomersAsync()
    {
        while (_newcomers.FirstOrDefault() is { } newcomer)
        {
            _newcomers.Remove(newcomer);
            if (!_state.Queue.Contains(newcomer))
                continue;
            var holders = _state.Holders.Select(h => $"run {h.Request.RunId} of {h.Request.Job}").ToList();
            if (!await TellAsync(newcomer, "lock-queued", new LockQueued(newcomer.Id, _state.Name, holders, _state.AheadOf(newcomer.Id))))
                Drop(newcomer.Id);
        }
    }

    /// <summary>False when it is time to look whether the holders still live.</summary>
    async Task<bool> WaitForChangeAsync()
    {
        if (_changes != _seen)
            return true;
        if (_state.Holders.Count == 0)
        {
            await Workflow.WaitConditionAsync(() => _changes != _seen);
            return true;
        }

        var due = _checkedAt + (_state.Queue.Count > 0 ? _limits.CheckWhileWanted : _limits.CheckWhileQuiet);
        return due > Workflow.UtcNow && await Workflow.WaitConditionAsync(() => _changes != _seen, due - Workflow.UtcNow);
    }

    void Drop(string id)
    {
        _state = _state.Release(id);
        _changes++;
    }

    async Task CheckHoldersAsync()
    {
        var check = new LockCheck(_state.Name, [.. _state.Holders.Select(h => h.Request), .. _state.Queue], _limits.TerminatedGrace);
        var gone = await Workflow.ExecuteActivityAsync(
            (LockActivities a) => a.FindGoneAsync(check),
            new ActivityOptions
            {
                StartToCloseTimeout = TimeSpan.FromMinutes(1),
                RetryPolicy = Runs.RunPolicies.Infrastructure,
                Summary = "do the holders live?",
            });
        foreach (var id in gone)
            Drop(id);
        _checkedAt = Workflow.UtcNow;
    }

    /// <summary>False when the run is not there any more.</summary>
    static async Task<bool> TellAsync(LockRequest request, string signal, object message)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(request.WorkflowId, request.ExecutionRunId).SignalAsync(signal, [message]);
            return true;
        }
        catch (FailureException)
        {
            return false;
        }
    }

    async Task AuditAsync(LockBreak order, string by, List<LockHolder> losers)
    {
        var record = new AuditRecord
        {
            Id = $"lock/{Workflow.Info.RunId}/{_breaks}",
            At = Now,
            Who = by,
            Action = "release-lock",
            Subject = $"lock:{_state.Name}",
            Reason = order.Reason,
            DetailJson = System.Text.Json.JsonSerializer.Serialize(losers.Select(l => new { run = l.Request.RunId, token = l.Token })),
        };
        await Workflow.ExecuteActivityAsync(
            (LockActivities a) => a.AuditAsync(record),
            new ActivityOptions { StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = Runs.RunPolicies.UntilTheStoreIsBack });
    }

    static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);
}

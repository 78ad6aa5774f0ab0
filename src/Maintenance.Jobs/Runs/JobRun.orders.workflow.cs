using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// What people may tell a run on its way, each as a signal (Temporal UI) and as an update (which answers): pause, resume, skip a step,
/// cancel. Who and why is in the record and in the audit, also when it was refused.
/// </summary>
public sealed partial class JobRunWorkflow
{
    /// <summary>Runs of earlier builds wrote down refused signals without end, and no refused update.</summary>
    const string RefusedOrdersPatch = "refused-orders";

    // By the name of the step's or target's record.
    readonly Dictionary<string, RunAction> _skips = new(StringComparer.Ordinal);
    readonly Dictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    RunAction? _paused;
    RunAction? _cancelled;
    readonly List<Task> _lateAudits = [];
    bool _undoWhenCancelled;

    // Waiting for locks before its first step, and pauses, are not the run's own slowness: they do not count against its time limit.
    TimeSpan _heldUp;

    [WorkflowSignal("pause")]
    public Task PauseBySignalAsync(RunOrder? order = null) => ObeySignalAsync("pause", order);

    [WorkflowSignal("resume")]
    public Task ResumeBySignalAsync(RunOrder? order = null) => ObeySignalAsync("resume", order);

    [WorkflowSignal("skip")]
    public Task SkipBySignalAsync(RunOrder? order = null) => ObeySignalAsync("skip", order);

    [WorkflowSignal("cancel")]
    public Task CancelBySignalAsync(RunOrder? order = null) => ObeySignalAsync("cancel", order);

    [WorkflowUpdate("pause")]
    public Task<RunAction> PauseByUpdateAsync(RunOrder? order = null) => ObeyUpdateAsync("pause", order);

    [WorkflowUpdate("resume")]
    public Task<RunAction> ResumeByUpdateAsync(RunOrder? order = null) => ObeyUpdateAsync("resume", order);

    [WorkflowUpdate("skip")]
    public Task<RunAction> SkipByUpdateAsync(RunOrder? order = null) => ObeyUpdateAsync("skip", order);

    [WorkflowUpdate("cancel")]
    public Task<RunAction> CancelByUpdateAsync(RunOrder? order = null) => ObeyUpdateAsync("cancel", order);

    /// <exception cref="ApplicationFailureException">The order makes no sense now.</exception>
    async Task<RunAction> ObeyAsync(string verb, RunOrder? order)
    {
        // It may come before the run knows what it is.
        await Workflow.WaitConditionAsync(() => _progress?.Begun is not null, CancellationToken.None);
        if (OrderProblem(verb, order) is { } problem)
            throw new ApplicationFailureException(problem, "OrderRefused", nonRetryable: true);
        var action = new RunAction { At = Now(), Action = verb, By = order?.By ?? "unknown", Step = order?.Step, Reason = order?.Reason };
        switch (verb)
        {
            case "pause":
                _paused = action;
                break;
            case "resume":
                _heldUp += Now() - _paused!.At;
                _paused = null;
                break;
            case "skip":
                _skips[order!.Step!] = action;
                _running.GetValueOrDefault(order.Step!)?.Cancel();
                break;
            default:
                _cancelled = action;
                _undoWhenCancelled = order?.Undo ?? false;
                break;
        }

        Note(action);
        if (verb == "cancel")
            await CancelSelfAsync();
        return action;
    }

    /// <summary>Nobody hears what becomes of a signal; the record says it.</summary>
    async Task ObeySignalAsync(string verb, RunOrder? order)
    {
        try
        {
            await ObeyAsync(verb, order);
        }
        catch (ApplicationFailureException refused)
        {
            if (!Workflow.Patched(RefusedOrdersPatch))
                Note(RefusalOf(verb, order, refused.Message));
            else
                NoteRefusal(verb, order, refused.Message);
        }
    }

    /// <summary>Who sent it is told, and so is whoever looks at the run later.</summary>
    async Task<RunAction> ObeyUpdateAsync(string verb, RunOrder? order)
    {
        try
        {
            return await ObeyAsync(verb, order);
        }
        catch (ApplicationFailureException refused)
        {
            if (Workflow.Patched(RefusedOrdersPatch))
                NoteRefusal(verb, order, refused.Message);
            throw;
        }
    }

    void NoteRefusal(string verb, RunOrder? order, string why)
    {
        if (++_refusals > RefusalsOnRecordMax)
            return;
        var isLate = Progress.Phase is "finish" or "done";
        var audited = AuditAsync(Progress.Add(RefusalOf(verb, order, why)), isLate);
        if (isLate)
            _lateAudits.Add(audited);
    }

    /// <summary>What came after the record was made stands in the audit alone.</summary>
    Task UntilAuditedAsync() => Workflow.WaitConditionAsync(() => _lateAudits.All(a => a.IsCompleted), CancellationToken.None);

    static RunAction RefusalOf(string verb, RunOrder? order, string why) =>
        new() { At = Now(), Action = $"{verb} refused", By = order?.By ?? "unknown", Step = order?.Step, Reason = why };

    /// <summary>Null when the order can be followed.</summary>
    string? OrderProblem(string verb, RunOrder? order) => verb switch
    {
        _ when Progress.Phase is "finish" or "done" => "The run is at its end. `maintenance show` tells how it ended.",
        "pause" when _paused is { } by => $"The run was paused by {by.By} at {by.At:u}.",
        "resume" when _paused is null => "The run is not paused.",
        "skip" => SkipProblem(order),
        "cancel" when _cancelled is { } by => $"The run was cancelled by {by.By} at {by.At:u}.",
        _ => null,
    };

    string? SkipProblem(RunOrder? order)
    {
        if (string.IsNullOrWhiteSpace(order?.Step) || string.IsNullOrWhiteSpace(order.Reason))
            return "Skipping needs the step's name and a reason.";
        if (Begun.Job!.Steps.FirstOrDefault(s => s.Name == order.Step)?.Approval is { } question && Workflow.Patched(PeoplePatch)
            && ApprovalRules.SkipRefusal(RuleOf(question), order.By, Requester) is { } refusal)
            return refusal;
        var open = Progress.Steps
            .Where(s => s is { Part: StepPart.Main, Status: StepStatus.Pending or StepStatus.Running }).Select(s => s.Name).ToList();
        return open.Contains(order.Step)
            ? null
            : $"'{order.Step}' is no step that can be skipped now; {(open.Count == 0 ? "none can" : $"these can: {string.Join(", ", open)}")}.";
    }

    /// <summary>A step of the main part, which may be held before it begins and skipped at any time.</summary>
    async Task<StepEnd> RunObedientlyAsync(StepFrame frame)
    {
        var name = Progress.At(frame.Position).Name;
        if (Progress.At(frame.Position).Part != StepPart.Main)
            return await ControlAsync(frame);
        await HoldWhilePausedAsync(frame);
        if (_skips.TryGetValue(name, out var skip))
            return Skipped(skip);
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(frame.Cancellation);
        _running[name] = scope;
        var end = await ControlAsync(frame with { Cancellation = scope.Token });
        _running.Remove(name);
        // What succeeded before it could be stopped has succeeded.
        return _skips.TryGetValue(name, out skip) && !end.Green && !frame.Cancellation.IsCancellationRequested ? Skipped(skip) : end;
    }

    static StepEnd Skipped(RunAction skip) => new(StepStatus.Skipped, $"was skipped by {skip.By}: {skip.Reason}");

    /// <summary>Before a step, a target and each of their attempts. What runs already runs on.</summary>
    async Task HoldWhilePausedAsync(StepFrame frame)
    {
        if (_paused is not { } pause || Progress.At(frame.Position) is not { Part: StepPart.Main } record)
            return;
        var why = pause.Reason is { Length: > 0 } reason ? $": {reason}" : "";
        Progress.Wait(frame.Position, new WaitView { Kind = "paused", Step = record.Name, Message = $"by {pause.By}{why}" });
        try
        {
            await Workflow.WaitConditionAsync(() => _paused is null || _skips.ContainsKey(record.Name), frame.Cancellation);
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            // The step sees it itself.
            return;
        }
        finally
        {
            Progress.Wait(frame.Position, null);
        }
    }

    TimeSpan HeldUp() => _heldUp + (_paused is { } pause ? Now() - pause.At : TimeSpan.Zero);

    /// <summary>Asks the server, so that the run is cancelled for everybody who looks at it.</summary>
    async Task CancelSelfAsync() => await Workflow.ExecuteActivityAsync(
        () => ControlActivities.CancelAsync(Request.WorkflowId, Workflow.Info.RunId),
        new ActivityOptions
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(30),
            RetryPolicy = RunPolicies.Infrastructure,
            CancellationToken = CancellationToken.None,
            Summary = "cancel",
        });

    /// <summary>Into the record, and at once into the audit; a store that is away gets it with the record.</summary>
    void Note(RunAction action) => _ = AuditAsync(Progress.Add(action));

    /// <param name="isLate">The run does not wait for it longer than for its record.</param>
    async Task AuditAsync(AuditRecord record, bool isLate = false)
    {
        try
        {
            await Workflow.ExecuteActivityAsync(
                (ControlActivities a) => a.AuditAsync(record),
                new ActivityOptions
                {
                    StartToCloseTimeout = TimeSpan.FromSeconds(30),
                    ScheduleToCloseTimeout = isLate ? Begun.Limits.FinishTimeLimit : null,
                    RetryPolicy = isLate ? RunPolicies.Infrastructure : RunPolicies.UntilTheStoreIsBack,
                    CancellationToken = CancellationToken.None,
                    Summary = $"audit {record.Action}",
                });
        }
        catch (FailureException failed)
        {
            // The run's end writes all of them again, but for those that come after it.
            Workflow.Logger.LogNotAudited(record.Id, failed.Message);
        }
    }
}

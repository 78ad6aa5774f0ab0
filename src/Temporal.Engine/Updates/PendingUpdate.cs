using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;

namespace Temporal.Engine;

/// <summary>How far an update has come.</summary>
sealed record UpdateProgress(UpdateWorkflowExecutionLifecycleStage Stage, Outcome? Outcome, bool Rejected = false);

/// <summary>An update that is not completed. Until it is accepted it lives in memory only: its caller asks again after a restart.</summary>
sealed class PendingUpdate(string id, Request? request)
{
    // Waited for by Waits.For only, which leaves the loop's thread by itself.
    readonly TaskCompletionSource<UpdateProgress> _accepted = new();
    readonly TaskCompletionSource<UpdateProgress> _completed = new();

    public string Id { get; } = id;

    /// <summary>Null for one that was accepted before a restart.</summary>
    public Request? Request { get; } = request;

    /// <summary>A reset has taken it over: its request stands in history already.</summary>
    public bool IsInHistory { get; init; }

    /// <summary>Given to a worker with a task that is not answered yet.</summary>
    public bool IsSent { get; set; }

    public long SequencingEventId { get; set; }

    public bool IsAccepted { get; set; }

    public bool IsOver { get; set; }

    public Task<UpdateProgress> Accepted => _accepted.Task;

    public Task<UpdateProgress> Completed => _completed.Task;

    public void Accept(EngineTransaction tx)
    {
        IsAccepted = true;
        tx.AfterCommit(() => _accepted.TrySetResult(new(UpdateWorkflowExecutionLifecycleStage.Accepted, null)));
    }

    public void Complete(EngineTransaction tx, Outcome outcome, bool rejected = false)
    {
        IsOver = true;
        var progress = new UpdateProgress(UpdateWorkflowExecutionLifecycleStage.Completed, outcome, rejected);
        tx.AfterCommit(() =>
        {
            _accepted.TrySetResult(progress);
            _completed.TrySetResult(progress);
        });
    }

    /// <summary>Ends the wait of all callers; the update itself is gone.</summary>
    public void Fail(RpcFailure failure)
    {
        IsOver = true;
        _accepted.TrySetException(failure);
        _completed.TrySetException(failure);
        // Nobody may be waiting for one of the two.
        _ = _accepted.Task.Exception;
        _ = _completed.Task.Exception;
    }
}

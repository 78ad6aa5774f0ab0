using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Query.V1;

namespace Temporal.Engine;

/// <summary>A query that a worker is to answer. Lives in memory only; its caller asks again.</summary>
sealed class PendingQuery(WorkflowQuery query)
{
    // Waited for by Waits.For only, which leaves the loop's thread by itself.
    readonly TaskCompletionSource<WorkflowQueryResult> _answer = new();

    public string Id { get; } = Guid.NewGuid().ToString();

    public WorkflowQuery Query { get; } = query;

    /// <summary>Lies in a queue as a task of its own, instead of going with a workflow task.</summary>
    public bool IsDirect { get; set; }

    /// <summary>Given to a worker.</summary>
    public bool IsSent { get; set; }

    /// <summary>The run whose query task it is; only a token of this run answers it.</summary>
    public (string NamespaceId, string RunId) SentFor { get; set; }

    /// <summary>Its caller has stopped waiting.</summary>
    public bool IsOver => _answer.Task.IsCompleted;

    public Task<WorkflowQueryResult> Answer => _answer.Task;

    public void Complete(WorkflowQueryResult result) => _answer.TrySetResult(result);

    public void Fail(RpcFailure failure)
    {
        _answer.TrySetException(failure);
        _ = _answer.Task.Exception;
    }

    /// <summary>The answer of a failed query, as QueryWorkflow gives it.</summary>
    public static RpcFailure FailureOf(WorkflowQueryResult result)
    {
        var failure = result.Failure ?? new Failure { Message = result.ErrorMessage };
        return Refuse.With(RpcStatus.InvalidArgument, result.ErrorMessage, new QueryFailedFailure { Failure = failure });
    }
}

using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;

namespace Temporal.Engine;

/// <summary>A worker's answer breaks a rule: its task fails with this cause. The changes made so far are taken back.</summary>
sealed class WorkflowTaskRefused(WorkflowTaskFailedCause cause, string message, bool terminates = false) : Exception(message)
{
    public WorkflowTaskFailedCause Cause { get; } = cause;

    /// <summary>The run ends, because a repetition would break the rule again (a result that is too large).</summary>
    public bool Terminates { get; } = terminates;

    /// <summary>As the answer and the failure say it: the cause, then why.</summary>
    public string FullMessage => Message.Length == 0 ? Cause.ToString() : $"{Cause}: {Message}";

    public static WorkflowTaskRefused UnhandledCommand() => new(WorkflowTaskFailedCause.UnhandledCommand, "");
}

/// <summary>A change would make a history longer than it may be: the change is taken back and the run terminated.</summary>
sealed class HistoryLimitReached(string reason) : Exception(reason);

/// <summary>The failures that many calls answer with.</summary>
static class Refuse
{
    public static RpcFailure Invalid(string message) => new(RpcStatus.InvalidArgument, message);

    public static RpcFailure NotFound(string message) => RpcFailure.WithDetail(RpcStatus.NotFound, message, new NotFoundFailure());

    public static RpcFailure Precondition(string message) => new(RpcStatus.FailedPrecondition, message);

    public static RpcFailure WorkflowNotFound(string workflowId) => NotFound($"workflow not found for ID: {workflowId}");

    public static RpcFailure AlreadyCompleted() => NotFound("workflow execution already completed");

    /// <summary>
    /// The worker has tried to end the workflow and tries again with what has come since; more would only put it off again.
    /// </summary>
    public static RpcFailure Closing() => With(
        RpcStatus.ResourceExhausted, "workflow operation can not be applied because workflow is closing",
        new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.BusyWorkflow, Scope = ResourceExhaustedScope.Namespace });

    public static RpcFailure With(RpcStatus status, string message, IMessage detail) => RpcFailure.WithDetail(status, message, detail);
}

using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporal.Engine;

/// <summary>
/// A part of the engine with state of its own on the loop (schedules, namespaces). Its durable state are documents; its
/// memory is rebuilt from them at start and after a commit that failed.
/// </summary>
interface IEngineSubsystem
{
    /// <summary>Forgets what is in memory and reads it again from the store. Sets its timers.</summary>
    void Load(EngineState state);

    /// <summary>A run has closed in this transaction. Called on the loop, once per run, before the commit.</summary>
    void OnWorkflowClosed(EngineTransaction tx, WorkflowClosed closed);
}

/// <summary>How a run ended. <paramref name="NewRunId"/> is set when the chain goes on: continued as new, retried, or cron.</summary>
sealed record WorkflowClosed(
    string NamespaceId,
    string WorkflowId,
    string RunId,
    string FirstRunId,
    WorkflowExecutionStatus Status,
    DateTime CloseTime,
    string? NewRunId,
    Payloads? Result,
    Failure? Failure);

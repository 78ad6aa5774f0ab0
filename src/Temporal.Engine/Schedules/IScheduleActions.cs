using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporal.Engine.Schedules;

/// <summary>What a schedule does to workflows. All of it happens at once, in the transaction of the caller.</summary>
interface IScheduleActions
{
    /// <summary>Starts a run. Null when it is refused, for example because its id is taken.</summary>
    string? Start(ScheduledStart start);

    /// <summary>Asks the chain of runs that began with this one to cancel.</summary>
    void Cancel(WorkflowExecution first);

    /// <summary>Ends the chain of runs that began with this one.</summary>
    void Terminate(WorkflowExecution first);
}

/// <param name="WorkflowId">With the nominal time appended.</param>
/// <param name="Manual">By a trigger or a backfill: these may use an id again.</param>
sealed record ScheduledStart(string WorkflowId, DateTime NominalTime, bool Manual, Payloads? LastResult, Failure? LastFailure);

/// <summary>The end of a chain of runs that the schedule may have started.</summary>
sealed record ScheduledRunClosed(string WorkflowId, string FirstRunId, WorkflowExecutionStatus Status, Payloads? Result, Failure? Failure);

using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Priority = Temporalio.Common.Priority;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Workflows;

/// <summary>What is fixed about a run from its first event on.</summary>
/// <param name="Attempt">Attempt by the workflow's retry policy, from 1.</param>
/// <param name="ContinuedRunId">Run that this one continues.</param>
/// <param name="CronSchedule">Cron expression, if any.</param>
/// <param name="ExecutionTimeout">Limit over retries and continued runs.</param>
/// <param name="FirstExecutionRunId">First run of the chain.</param>
/// <param name="Headers">Headers of the start.</param>
/// <param name="LastFailure">Failure of the run before, if it failed.</param>
/// <param name="LastResult">Result of the last run that completed, with cron or a schedule.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Parent">Parent workflow, for a child.</param>
/// <param name="Priority">Priority.</param>
/// <param name="RetryPolicy">Retry policy, if any.</param>
/// <param name="Root">Root of the family, for a child.</param>
/// <param name="RunId">Run id.</param>
/// <param name="RunTimeout">Limit of this run.</param>
/// <param name="StartTime">Time of the first workflow task.</param>
/// <param name="TaskQueue">Task queue.</param>
/// <param name="TaskTimeout">Limit of a workflow task.</param>
/// <param name="WorkflowId">Workflow id.</param>
/// <param name="WorkflowStartTime">Time of the start event.</param>
/// <param name="WorkflowType">Type name.</param>
public record WorkflowInfo(
    int Attempt,
    string? ContinuedRunId,
    string? CronSchedule,
    TimeSpan? ExecutionTimeout,
    string FirstExecutionRunId,
    IReadOnlyDictionary<string, Payload>? Headers,
    Exception? LastFailure,
    IReadOnlyCollection<IRawValue>? LastResult,
    string Namespace,
    WorkflowInfo.ParentInfo? Parent,
    Priority Priority,
    RetryPolicy? RetryPolicy,
    WorkflowInfo.RootInfo? Root,
    string RunId,
    TimeSpan? RunTimeout,
    DateTime StartTime,
    string TaskQueue,
    TimeSpan TaskTimeout,
    string WorkflowId,
    DateTime WorkflowStartTime,
    string WorkflowType)
{
    /// <summary>A parent workflow.</summary>
    /// <param name="Namespace">Its namespace.</param>
    /// <param name="RunId">Its run id.</param>
    /// <param name="WorkflowId">Its workflow id.</param>
    public record ParentInfo(string Namespace, string RunId, string WorkflowId);

    /// <summary>The root of a family of workflows.</summary>
    /// <param name="RunId">Its run id.</param>
    /// <param name="WorkflowId">Its workflow id.</param>
    public record RootInfo(string RunId, string WorkflowId);
}

using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Priority = Temporalio.Common.Priority;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Activities;

/// <summary>What an activity knows about its own execution.</summary>
/// <param name="ActivityId">Id, unique among the open activities of the workflow.</param>
/// <param name="ActivityType">Type name.</param>
/// <param name="Attempt">Attempt, from 1.</param>
/// <param name="CurrentAttemptScheduledTime">When this attempt was scheduled.</param>
/// <param name="DataConverter">Converter of this activity's values.</param>
/// <param name="HeartbeatDetails">Last details recorded by an earlier attempt.</param>
/// <param name="HeartbeatTimeout">Heartbeat timeout, if any.</param>
/// <param name="IsLocal">Whether it runs as a local activity.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Priority">Priority.</param>
/// <param name="RetryPolicy">Retry policy in force.</param>
/// <param name="ScheduleToCloseTimeout">Limit over all attempts.</param>
/// <param name="ScheduledTime">When the activity was first scheduled.</param>
/// <param name="StartToCloseTimeout">Limit of one attempt.</param>
/// <param name="StartedTime">When this attempt started.</param>
/// <param name="TaskQueue">Task queue it was polled from.</param>
/// <param name="TaskToken">Token that completes this attempt from anywhere.</param>
/// <param name="WorkflowId">Id of its workflow; null for one without.</param>
/// <param name="WorkflowNamespace">Namespace of its workflow.</param>
/// <param name="WorkflowRunId">Run id of its workflow.</param>
/// <param name="WorkflowType">Type of its workflow.</param>
public record ActivityInfo(
    string ActivityId,
    string ActivityType,
    int Attempt,
    DateTime CurrentAttemptScheduledTime,
    DataConverter DataConverter,
    IReadOnlyCollection<Payload> HeartbeatDetails,
    TimeSpan? HeartbeatTimeout,
    bool IsLocal,
    string Namespace,
    Priority Priority,
    RetryPolicy? RetryPolicy,
    TimeSpan? ScheduleToCloseTimeout,
    DateTime ScheduledTime,
    TimeSpan? StartToCloseTimeout,
    DateTime StartedTime,
    string TaskQueue,
    byte[] TaskToken,
    string? WorkflowId,
    string? WorkflowNamespace,
    string? WorkflowRunId,
    string? WorkflowType)
{
    /// <summary>Whether a workflow started it.</summary>
    public bool IsWorkflowActivity => WorkflowId is not null;

    /// <summary>The heartbeat detail at this index, converted.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    public Task<T> HeartbeatDetailAtAsync<T>(int index) =>
        DataConverter.ToValueAsync<T>(HeartbeatDetails.ElementAt(index));
}

using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How an activity is run. One of the two close timeouts is required.</summary>
public class ActivityOptions : ICloneable
{
    /// <summary>Limit over all attempts and the waits between them.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>Limit of the wait for a worker.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Limit of one attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>Longest silence between two heartbeats. Without it a cancellation never reaches the activity.</summary>
    public TimeSpan? HeartbeatTimeout { get; set; }

    /// <summary>How failures are retried; the server's default is to retry for ever.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>What a cancellation means, default <see cref="ActivityCancellationType.TryCancel"/>.</summary>
    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    /// <summary>Cancels the activity; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Id, default the number of the activity in its workflow.</summary>
    public string? ActivityId { get; set; }

    /// <summary>Task queue, default the workflow's.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>A line for user interfaces.</summary>
    public string? Summary { get; set; }

    /// <summary>Whether a worker may not run it within the workflow task's reply.</summary>
    public bool DisableEagerActivityExecution { get; set; }

    /// <summary>Priority in the task queue.</summary>
    public Priority? Priority { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}

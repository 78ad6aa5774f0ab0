using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How a child workflow is started.</summary>
public class ChildWorkflowOptions : ICloneable
{
    /// <summary>Workflow id, default a random one that is the same on replay.</summary>
    public string? Id { get; set; }

    /// <summary>Task queue, default the parent's.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>A line for user interfaces.</summary>
    public string? StaticSummary { get; set; }

    /// <summary>More text for user interfaces, in Markdown.</summary>
    public string? StaticDetails { get; set; }

    /// <summary>Limit over retries and continued runs.</summary>
    public TimeSpan? ExecutionTimeout { get; set; }

    /// <summary>Limit of one run.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Limit of one workflow task.</summary>
    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>How a failed run is retried; default not at all.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>What a cancellation means, default <see cref="ChildWorkflowCancellationType.WaitCancellationCompleted"/>.</summary>
    public ChildWorkflowCancellationType CancellationType { get; set; } = ChildWorkflowCancellationType.WaitCancellationCompleted;

    /// <summary>What happens to it when the parent closes, default <see cref="ParentClosePolicy.Terminate"/>.</summary>
    public ParentClosePolicy ParentClosePolicy { get; set; } = ParentClosePolicy.Terminate;

    /// <summary>Cancels the child; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Whether an id may be used again, default allowed.</summary>
    public WorkflowIdReusePolicy IdReusePolicy { get; set; } = WorkflowIdReusePolicy.AllowDuplicate;

    /// <summary>Cron expression for repeated runs.</summary>
    public string? CronSchedule { get; set; }

    /// <summary>Memo.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    /// <summary>Search attributes.</summary>
    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    /// <summary>Priority in the task queue.</summary>
    public Priority? Priority { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}

using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Temporalio.Client;

/// <summary>How a workflow is started. <see cref="Id"/> and <see cref="TaskQueue"/> are required.</summary>
public partial class WorkflowOptions : ICloneable
{
    public WorkflowOptions()
    {
    }

    /// <param name="id">The workflow's id.</param>
    /// <param name="taskQueue">The queue that its workers poll.</param>
    public WorkflowOptions(string id, string taskQueue)
    {
        Id = id;
        TaskQueue = taskQueue;
    }

    /// <summary>The workflow's id: at most one open run per id and namespace.</summary>
    public string? Id { get; set; }

    public string? TaskQueue { get; set; }

    /// <summary>One line for user interfaces.</summary>
    public string? StaticSummary { get; set; }

    /// <summary>Text of several lines for user interfaces.</summary>
    public string? StaticDetails { get; set; }

    /// <summary>Longest time with all retries and continued runs; null: no limit.</summary>
    public TimeSpan? ExecutionTimeout { get; set; }

    /// <summary>Longest time of one run; null: no limit.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Longest time of one workflow task; null: 10 s.</summary>
    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>Whether the id of a closed workflow may be used again; default: yes.</summary>
    public WorkflowIdReusePolicy IdReusePolicy { get; set; } = WorkflowIdReusePolicy.AllowDuplicate;

    /// <summary>What happens when a workflow of this id is open; unspecified: the start fails.</summary>
    public WorkflowIdConflictPolicy IdConflictPolicy { get; set; } = WorkflowIdConflictPolicy.Unspecified;

    /// <summary>Retries of the whole workflow; null: none.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Runs again and again by this cron line. Schedules are better.</summary>
    public string? CronSchedule { get; set; }

    /// <summary>Values shown with the workflow, not indexed. None may be null.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    /// <summary>Wait before the first workflow task; ended early by a signal.</summary>
    public TimeSpan? StartDelay { get; set; }

    /// <summary>Sent with the start, in one step; also to a workflow that runs already.</summary>
    public string? StartSignal { get; set; }

    public IReadOnlyCollection<object?>? StartSignalArgs { get; set; }

    /// <summary>Lets a worker of this process take the first task without a poll.</summary>
    public bool RequestEagerStart { get; set; }

    public Priority? Priority { get; set; }

    /// <summary>Runs on a given worker version.</summary>
    public VersioningOverride? VersioningOverride { get; set; }

    /// <summary>Deadline, metadata, cancellation of the start call; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    /// <summary>Sends this signal with the start.</summary>
    public void SignalWithStart(string signal, IReadOnlyCollection<object?> args)
    {
        StartSignal = signal;
        StartSignalArgs = args;
    }

    public virtual object Clone()
    {
        var copy = (WorkflowOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}

using Temporalio.Activities;

namespace Temporalio.Converters;

/// <summary>What values are converted for.</summary>
#pragma warning disable CA1040 // A marker by design of the public API.
public interface ISerializationContext
#pragma warning restore CA1040
{
    /// <summary>A context that belongs to a workflow.</summary>
    public interface IHasWorkflow : ISerializationContext
    {
        string Namespace { get; }

        string? WorkflowId { get; }
    }

    /// <summary>A workflow's own values: input, result, signals, queries, updates, memo.</summary>
    public sealed record Workflow(string Namespace, string WorkflowId) : IHasWorkflow
    {
        string? IHasWorkflow.WorkflowId => WorkflowId;
    }

    /// <summary>An activity's values: input, result, heartbeat details, failures.</summary>
    public sealed record Activity(
        string Namespace,
        string? ActivityId,
        string? WorkflowId,
        string? WorkflowType,
        string? ActivityType,
        string? ActivityTaskQueue,
        bool IsLocal) : IHasWorkflow
    {
        /// <summary>The context of a running activity.</summary>
        public Activity(ActivityInfo info)
            : this(
                info.Namespace,
                info.ActivityId,
                info.WorkflowId,
                info.WorkflowType,
                info.ActivityType,
                info.TaskQueue,
                info.IsLocal)
        {
        }
    }
}

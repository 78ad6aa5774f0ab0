using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>A step of a workflow task.</summary>
public abstract class WorkflowTaskEventArgs : EventArgs
{
    private protected WorkflowTaskEventArgs(WorkflowInfo info, WorkflowDefinition definition)
    {
        WorkflowInfo = info;
        WorkflowDefinition = definition;
    }

    /// <summary>The run.</summary>
    public WorkflowInfo WorkflowInfo { get; }

    /// <summary>The definition that serves it.</summary>
    public WorkflowDefinition WorkflowDefinition { get; }
}

/// <summary>Workflow code is about to run.</summary>
public class WorkflowTaskStartingEventArgs : WorkflowTaskEventArgs
{
    internal WorkflowTaskStartingEventArgs(WorkflowInfo info, WorkflowDefinition definition)
        : base(info, definition)
    {
    }
}

/// <summary>Workflow code has run as far as it could.</summary>
public class WorkflowTaskCompletedEventArgs : WorkflowTaskEventArgs
{
    internal WorkflowTaskCompletedEventArgs(WorkflowInfo info, WorkflowDefinition definition, Exception? taskFailure)
        : base(info, definition) => TaskFailureException = taskFailure;

    /// <summary>What failed the task, if anything did.</summary>
    public Exception? TaskFailureException { get; }
}

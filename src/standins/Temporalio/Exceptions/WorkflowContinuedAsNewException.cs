namespace Temporalio.Exceptions;

/// <summary>The awaited run continued as new and the caller asked not to follow.</summary>
public class WorkflowContinuedAsNewException : TemporalException
{
    public WorkflowContinuedAsNewException(string newRunId)
        : base("Workflow continued as new") => NewRunId = newRunId;

    public string NewRunId { get; }
}

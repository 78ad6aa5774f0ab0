namespace Temporalio.Exceptions;

/// <summary>A workflow of the same id exists and the id policies do not allow another.</summary>
public class WorkflowAlreadyStartedException : FailureException
{
    public WorkflowAlreadyStartedException(string message, string workflowId, string workflowType, string runId)
        : base(message)
    {
        WorkflowId = workflowId;
        WorkflowType = workflowType;
        RunId = runId;
    }

    public string WorkflowId { get; }

    /// <summary>The type that was asked for; the existing run may be of another.</summary>
    public string WorkflowType { get; }

    /// <summary>The run that exists.</summary>
    public string RunId { get; }
}

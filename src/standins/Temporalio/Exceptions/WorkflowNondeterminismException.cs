namespace Temporalio.Exceptions;

/// <summary>Workflow code did something else than its history says.</summary>
public class WorkflowNondeterminismException : InvalidWorkflowOperationException
{
    internal WorkflowNondeterminismException(string message)
        : base(message)
    {
    }
}

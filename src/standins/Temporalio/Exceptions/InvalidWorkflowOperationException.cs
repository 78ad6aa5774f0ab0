namespace Temporalio.Exceptions;

/// <summary>Something was done in a workflow that cannot be done there.</summary>
public class InvalidWorkflowOperationException : TemporalException
{
    internal InvalidWorkflowOperationException(string message)
        : base(message)
    {
    }
}

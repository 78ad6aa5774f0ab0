namespace Temporalio.Exceptions;

/// <summary>The query's handler failed, or there is none.</summary>
public class WorkflowQueryFailedException : TemporalException
{
    public WorkflowQueryFailedException(string message)
        : base(message)
    {
    }
}

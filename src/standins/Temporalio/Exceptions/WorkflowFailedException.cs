namespace Temporalio.Exceptions;

/// <summary>
/// The awaited workflow did not succeed. The inner exception says how: application failure, cancelled, terminated,
/// timed out, or the failure of an activity or child.
/// </summary>
public class WorkflowFailedException : TemporalException
{
    public WorkflowFailedException(Exception? inner)
        : base("Workflow failed", inner)
    {
    }
}

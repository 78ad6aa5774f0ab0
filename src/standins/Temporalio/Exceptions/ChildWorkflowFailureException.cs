using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Exceptions;

/// <summary>A child workflow failed; the reason is the inner exception.</summary>
public class ChildWorkflowFailureException : FailureException
{
    protected internal ChildWorkflowFailureException(Failure failure, Exception? inner)
        : base(failure, inner)
    {
    }

    public new Failure Failure => base.Failure!;

    public string Namespace => Info.Namespace;

    public string WorkflowId => Info.WorkflowExecution?.WorkflowId ?? string.Empty;

    public string RunId => Info.WorkflowExecution?.RunId ?? string.Empty;

    public string WorkflowType => Info.WorkflowType?.Name ?? string.Empty;

    public RetryState RetryState => Info.RetryState;

    ChildWorkflowExecutionFailureInfo Info => Failure.ChildWorkflowExecutionFailureInfo ?? new();
}

namespace Temporalio.Exceptions;

/// <summary>Workflow code used a task, timer or thread that does not belong to the workflow.</summary>
public class InvalidWorkflowSchedulerException : InvalidWorkflowOperationException
{
    readonly string? _stackTrace;

    internal InvalidWorkflowSchedulerException(string message, string? stackTraceOverride = null)
        : base(message) => _stackTrace = stackTraceOverride;

    /// <summary>Where the call was made, which is not where this was thrown.</summary>
    public override string? StackTrace => _stackTrace ?? base.StackTrace;
}

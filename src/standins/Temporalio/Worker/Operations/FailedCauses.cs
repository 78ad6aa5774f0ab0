using Temporalio.Api.Enums.V1;

namespace Temporalio.Worker.Operations;

/// <summary>Why another workflow could not be reached, as the official SDKs word it.</summary>
static class FailedCauses
{
    public static string Of(SignalExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound => "it was not found",
        SignalExternalWorkflowExecutionFailedCause.NamespaceNotFound => "the namespace was not found",
        SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded => "it has too many signals",
        _ => cause.ToString(),
    };

    public static string Of(CancelExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound => "it was not found",
        CancelExternalWorkflowExecutionFailedCause.NamespaceNotFound => "the namespace was not found",
        _ => cause.ToString(),
    };
}

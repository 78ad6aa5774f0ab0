using Temporalio.Api.Enums.V1;

namespace Temporalio.Worker.Operations;

/// <summary>Why another workflow could not be reached, as the official SDKs word it.</summary>
static class FailedCauses
{
    public static string Of(SignalExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound => "it was not found",
        SignalExternalWorkflowExecutionFailedCause.NamespaceNotFound => "it was not found",
        SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded => "The per-workflow signal limit was exceeded",
        _ => cause.ToString(),
    };

    public static string Of(CancelExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound => "not found",
        CancelExternalWorkflowExecutionFailedCause.NamespaceNotFound => "not found",
        _ => cause.ToString(),
    };
}

using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Client;

/// <summary>How long calls may take when the caller does not say.</summary>
static class RpcTimeouts
{
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(30);

    /// <summary>The server ends a long poll after 60 s; the rest is for the way.</summary>
    public static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(70);

    public static TimeSpan For(IMessage request) => request switch
    {
        GetWorkflowExecutionHistoryRequest { WaitNewEvent: true } => LongPoll,
        UpdateWorkflowExecutionRequest => LongPoll,
        PollWorkflowExecutionUpdateRequest => LongPoll,
        ExecuteMultiOperationRequest => LongPoll,
        PollWorkflowTaskQueueRequest => LongPoll,
        PollActivityTaskQueueRequest => LongPoll,
        _ => Call,
    };
}

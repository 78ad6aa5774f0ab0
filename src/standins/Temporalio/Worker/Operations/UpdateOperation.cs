using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Worker.Execution;
using Message = Temporalio.Api.Protocol.V1.Message;

namespace Temporalio.Worker.Operations;

/// <summary>One update of a run: accepted with an event, completed with another, or rejected without a trace.</summary>
/// <param name="Workflow">The run.</param>
/// <param name="MessageId">Id of the message that brought the request.</param>
/// <param name="InstanceId">The protocol's name for this update.</param>
/// <param name="SequencingEventId">The event after which it arrived.</param>
/// <param name="Request">The request.</param>
sealed class UpdateOperation(
    WorkflowInstance workflow, string messageId, string instanceId, long sequencingEventId, Request request) : Operation
{
    public string Id => request.Meta.UpdateId;

    public string Name => request.Input.Name;

    public Input Input => request.Input;

    public void Accept() => Send(
        $"{messageId}/accept",
        new Acceptance
        {
            AcceptedRequestMessageId = messageId, AcceptedRequestSequencingEventId = sequencingEventId, AcceptedRequest = request,
        },
        EventType.WorkflowExecutionUpdateAccepted);

    public void Complete(Payload result) => Respond(new() { Success = new() { Payloads_ = { result } } });

    public void Fail(Failure failure) => Respond(new() { Failure = failure });

    public bool IsRejected { get; private set; }

    public void Reject(Failure failure)
    {
        IsRejected = true;
        workflow.Messages.Add(Message($"{messageId}/reject", new Rejection
        {
            RejectedRequestMessageId = messageId,
            RejectedRequestSequencingEventId = sequencingEventId,
            RejectedRequest = request,
            Failure = failure,
        }));
    }

    public override string? Difference(HistoryEvent recorded) => recorded.EventType switch
    {
        EventType.WorkflowExecutionUpdateAccepted =>
            Differ("the update", recorded.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId, instanceId),
        _ => Differ("the update", recorded.WorkflowExecutionUpdateCompletedEventAttributes.Meta.UpdateId, Id),
    };

    void Respond(Outcome outcome) => Send(
        $"{messageId}/complete", new Response { Meta = request.Meta, Outcome = outcome }, EventType.WorkflowExecutionUpdateCompleted);

    void Send(string id, IMessage body, EventType recordedBy)
    {
        workflow.Messages.Add(Message(id, body));
        workflow.Commands.Add(new(
            this,
            new() { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = id } },
            recordedBy,
            $"update '{Name}', id '{Id}'"));
    }

    Message Message(string id, IMessage body) => new() { Id = id, ProtocolInstanceId = instanceId, Body = Any.Pack(body) };
}

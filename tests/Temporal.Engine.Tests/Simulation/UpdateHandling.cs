using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>
/// How the workflows of the simulation take updates: "quick" ones are completed at once, "slow" ones when their timer has fired,
/// "bad" ones are rejected.
/// </summary>
static class UpdateHandling
{
    const int SlowSeconds = 2;

    /// <summary>Adds what the worker says about the updates of a task, and those that it was at.</summary>
    public static void Answer(WorkflowState state, IEnumerable<Message> messages, RespondWorkflowTaskCompletedRequest answer)
    {
        foreach (var message in messages)
            Take(state, message, answer);
        foreach (var id in state.Open.Order(StringComparer.Ordinal).ToList())
        {
            var (commands, isOver) = WorkflowPlan.Timer($"update:{id}", SlowSeconds, state.Events);
            answer.Commands.AddRange(commands);
            if (isOver)
                Complete(state, id, answer);
        }
    }

    static void Take(WorkflowState state, Message message, RespondWorkflowTaskCompletedRequest answer)
    {
        var request = message.Body.Unpack<Request>();
        var id = request.Meta.UpdateId;
        Rule.Holds(!state.HasAccepted(id), $"{state.WorkflowId} is given update {id} again after it has accepted it");
        if (request.Input.Name == "bad")
        {
            answer.Messages.Add(Say(id, "reject", new Rejection { RejectedRequestMessageId = message.Id, RejectedRequest = request, Failure = new() { Message = "bad" } }));
            return;
        }

        state.Accept(id);
        Command(answer, Say(id, "accept", new Acceptance
        {
            AcceptedRequestMessageId = message.Id,
            AcceptedRequestSequencingEventId = message.EventId,
            AcceptedRequest = request,
        }));
        if (request.Input.Name == "quick")
            Complete(state, id, answer);
    }

    static void Complete(WorkflowState state, string id, RespondWorkflowTaskCompletedRequest answer)
    {
        state.Complete(id);
        Command(answer, Say(id, "complete", new Response { Meta = new() { UpdateId = id }, Outcome = new() { Success = new() } }));
    }

    static void Command(RespondWorkflowTaskCompletedRequest answer, Message message)
    {
        answer.Messages.Add(message);
        answer.Commands.Add(new Command
        {
            CommandType = CommandType.ProtocolMessage,
            ProtocolMessageCommandAttributes = new() { MessageId = message.Id },
        });
    }

    static Message Say(string update, string what, IMessage body) =>
        new() { Id = $"{update}/{what}", ProtocolInstanceId = update, Body = Any.Pack(body) };
}

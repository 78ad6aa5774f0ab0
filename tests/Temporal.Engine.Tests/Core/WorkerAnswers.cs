using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests;

/// <summary>What a worker answers to a task that holds more than events.</summary>
static class WorkerAnswers
{
    /// <summary>Accepts and completes the one update of the task.</summary>
    public static Task UpdateAsync(EngineUnderTest engine, PollWorkflowTaskQueueResponse task)
    {
        var message = Assert.Single(task.Messages);
        var acceptance = new Acceptance { AcceptedRequestMessageId = message.Id, AcceptedRequestSequencingEventId = message.EventId, AcceptedRequest = message.Body.Unpack<Request>() };
        var response = new Response
        {
            Meta = new() { UpdateId = message.ProtocolInstanceId },
            Outcome = new() { Success = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = Google.Protobuf.ByteString.CopyFromUtf8("done") } } } },
        };
        return engine.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            Identity = "worker",
            Commands = { Message("accept"), Message("complete") },
            Messages =
            {
                new Message { Id = "accept", ProtocolInstanceId = message.ProtocolInstanceId, Body = Any.Pack(acceptance) },
                new Message { Id = "complete", ProtocolInstanceId = message.ProtocolInstanceId, Body = Any.Pack(response) },
            },
        });
    }

    static Command Message(string id) => new()
    {
        CommandType = CommandType.ProtocolMessage,
        ProtocolMessageCommandAttributes = new() { MessageId = id },
    };
}

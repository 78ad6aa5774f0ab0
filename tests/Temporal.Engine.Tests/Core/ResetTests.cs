using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>What a reset takes over, beside what the recorded cases show.</summary>
public sealed class ResetTests
{
    static ResetWorkflowExecutionRequest Reset(string id, string runId, long finish, string requestId) => new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = id, RunId = runId },
        WorkflowTaskFinishEventId = finish,
        RequestId = requestId,
        Reason = "again",
    };

    [Fact]
    public async Task Signals_of_the_runs_that_it_continued_as_are_applied_again()
    {
        await using var engine = await StartAsync();
        var first = await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.SignalAsync("one", "before");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), ContinueAsNew());
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.SignalAsync("one", "after");

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", first, 4, "reset"));

        var signals = (await engine.HistoryAsync("one")).Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>();
        Assert.Equal(["before", "after"], signals);
    }

    [Fact]
    public async Task An_accepted_update_is_admitted_again_and_given_to_the_worker_once_more()
    {
        await using var engine = await StartAsync();
        var first = await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        var updated = UpdateAsync(engine);
        await AnswerUpdateAsync(engine, await engine.PollWorkflowAsync());
        Assert.Equal("done", (await updated).Outcome.Success.Payloads_[0].Data.ToStringUtf8());

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", first, 4, "reset"));
        // What is admitted in history needs no memory.
        await engine.RestartAsync();
        var again = UpdateAsync(engine);
        var task = await engine.PollWorkflowAsync();
        Assert.Equal("update", Assert.Single(task.Messages).ProtocolInstanceId);
        await AnswerUpdateAsync(engine, task);

        Assert.Equal("done", (await again).Outcome.Success.Payloads_[0].Data.ToStringUtf8());
        var events = await engine.HistoryAsync("one");
        Assert.Equal(
            [EventType.WorkflowExecutionUpdateAdmitted, EventType.WorkflowExecutionUpdateAccepted, EventType.WorkflowExecutionUpdateCompleted],
            events.Select(one => one.EventType).Where(type => type.ToString().Contains("Update", StringComparison.Ordinal)));
        Assert.Null(events.Single(one => one.EventType == EventType.WorkflowExecutionUpdateAccepted).WorkflowExecutionUpdateAcceptedEventAttributes.AcceptedRequest);
    }

    static Task<UpdateWorkflowExecutionResponse> UpdateAsync(EngineUnderTest engine) => engine.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = "one" },
        WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        Request = new() { Meta = new() { UpdateId = "update" }, Input = new() { Name = "change" } },
    });

    /// <summary>Accepts and completes the one update of the task.</summary>
    static Task AnswerUpdateAsync(EngineUnderTest engine, PollWorkflowTaskQueueResponse task)
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

    static Command ContinueAsNew() => new()
    {
        CommandType = CommandType.ContinueAsNewWorkflowExecution,
        ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "type" }, TaskQueue = new() { Name = Queue } },
    };
}

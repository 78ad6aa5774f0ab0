using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using TaskQueueMessage = Temporalio.Api.TaskQueue.V1.TaskQueue;

namespace Temporal.Engine;

/// <summary>The long poll of both kinds of tasks.</summary>
static class Polling
{
    /// <summary>Null when there was no task until the poll's end.</summary>
    public static async Task<IMessage?> Poll(
        EngineLoop loop, EngineState state, string ns, TaskQueueMessage? queue, TaskQueueType type, string identity, string workerKey,
        RpcServerCall call)
    {
        var entry = state.Namespaces.Get(ns);
        var deadline = Waits.ForPoll(call, state.Time);
        StartValidation.CheckTaskQueue(queue);
        if (HistoryLimits.IsTooLong(identity))
            throw Refuse.Invalid("Identity length exceeds limit.");
        // Its queue was checked above.
        var poller = new Poller(new(entry.Id, queue!.Name, type), identity, workerKey, deadline, call.Cancelled);
        loop.Post(new PollCommand(poller));
        using var gone = call.Cancelled.Register(() => loop.RunAsync(tx => tx.State.TaskQueues.Remove(poller)));
        var build = await poller.Answer;
        return build?.Invoke();
    }
}

/// <summary>
/// A poll on its way to its queue. Its caller waits for the poller's answer only, which comes in one piece with the task.
/// </summary>
sealed class PollCommand(Poller poller) : LoopCommand
{
    public override void Execute(EngineTransaction tx)
    {
        Outcome = null;
        tx.State.TaskQueues.Get(poller.Queue).Add(tx, poller);
    }

    public override void Release()
    {
        if (Outcome is { } failure)
            poller.Fail(failure);
    }

    public override void Fail(Exception failure) => poller.Fail(failure);
}

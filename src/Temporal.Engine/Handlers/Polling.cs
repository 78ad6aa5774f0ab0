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
        EngineLoop loop, EngineState state, string ns, TaskQueueMessage? queue, TaskQueueType type, string identity, string workerKey, RpcServerCall call)
    {
        var entry = state.Namespaces.Get(ns);
        var deadline = Waits.ForPoll(call, state.Time);
        StartValidation.CheckTaskQueue(queue);
        if (identity.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid("Identity length exceeds limit.");
        var poller = await loop.RunAsync(tx =>
        {
            // Checked above.
            var polled = tx.State.TaskQueues.Get(entry.Id, queue!.Name, type);
            var poller = new Poller(polled, identity, workerKey, deadline, call.Cancelled);
            polled.Add(tx, poller);
            return poller;
        });
        using var gone = call.Cancelled.Register(() => loop.RunAsync(_ => poller.Queue.Remove(poller)));
        var build = await poller.Answer;
        return build?.Invoke();
    }
}

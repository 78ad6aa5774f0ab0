using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>What the loop has in memory at one moment, for readers on other threads.</summary>
sealed record EngineGauges(int OpenWorkflows, int Schedules, bool IsWritable, IReadOnlyList<QueueGauge> Queues)
{
    public static readonly EngineGauges None = new(0, 0, true, []);

    /// <summary>Queues beyond these have no gauge of their own: each worker has a queue with a name of its own.</summary>
    const int QueuesMax = 100;

    public static EngineGauges Of(EngineState state, bool isWritable) => new(
        state.Workflows.OpenCount, state.ScheduleCount(), isWritable,
        [.. state.TaskQueues.All
            .Where(queue => queue.Depth > 0 || queue.HasPollers)
            .OrderByDescending(queue => queue.Depth)
            .Take(QueuesMax)
            .Select(queue => new QueueGauge(queue.Name, queue.Type, queue.Depth, queue.PollerCount))]);
}

sealed record QueueGauge(string Name, TaskQueueType Type, int Depth, int Pollers);

using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Polling;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// Asks for activities within the reply to the workflow task that scheduled them, as far as this worker has free slots; that saves
/// a way through the task queue.
/// </summary>
sealed class EagerActivities(SlotPool? slots, int perTaskMax, Action<PollActivityTaskQueueResponse, SlotPool.Slot> start)
{
    /// <summary>Takes a slot for each activity that may come back, and tells the server not to send the others.</summary>
    public Reservation Reserve(RespondWorkflowTaskCompletedRequest request)
    {
        var taken = new Queue<SlotPool.Slot>();
        foreach (var command in request.Commands)
        {
            if (command.CommandType != CommandType.ScheduleActivityTask
                || !command.ScheduleActivityTaskCommandAttributes.RequestEagerExecution)
                continue;

            if (taken.Count < perTaskMax && slots?.TryTake() is { } slot)
                taken.Enqueue(slot);
            else
                command.ScheduleActivityTaskCommandAttributes.RequestEagerExecution = false;
        }

        return new(taken, start);
    }

    /// <summary>Slots for activities that may come back; those that are not used are free again when it is disposed.</summary>
    public sealed class Reservation(Queue<SlotPool.Slot> slots, Action<PollActivityTaskQueueResponse, SlotPool.Slot> start) : IDisposable
    {
        public void Start(IEnumerable<PollActivityTaskQueueResponse> tasks)
        {
            foreach (var task in tasks)
                start(task, slots.Dequeue());
        }

        public void Dispose()
        {
            while (slots.TryDequeue(out var unused))
                unused.Dispose();
        }
    }
}

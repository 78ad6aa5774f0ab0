using Microsoft.Extensions.Logging;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Operations;
using Temporalio.Worker.Polling;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// Keeps a workflow task open while its local activities run. Each end goes to the workflow at once, in the order of the ends,
/// which is the order of the markers. Before the task would time out it is completed as it is and a new one asked for.
/// </summary>
sealed class LocalActivityRunner(Activities.LocalActivityExecutor executor, SlotPool slots, TimeProvider time)
{
    const double ShareOfTaskTimeout = 0.8;

    /// <summary>Runs local activities until none is left. True when time is up before.</summary>
    public async Task<bool> RunAsync(
        WorkflowRun run, PollWorkflowTaskQueueResponse task, ActivationWatchdog watchdog, Action<Task> stuck, CancellationToken abort)
    {
        var instance = run.Instance;
        if (instance.LocalActivities.Count == 0)
            return false;

        using var done = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var timeUp = Task.Delay(instance.Info.TaskTimeout * ShareOfTaskTimeout, time, done.Token);
        while (instance.LocalActivities.Count > 0 && !instance.Commands.HasEnding)
        {
            foreach (var activity in instance.LocalActivities)
                activity.Execution ??= ExecuteAsync(instance, activity, abort);

            await Task.WhenAny(instance.LocalActivities.Select(activity => (Task)activity.Execution!).Append(timeUp));
            abort.ThrowIfCancellationRequested();
            if (instance.LocalActivities.Find(activity => activity.Execution!.IsCompleted) is not { } ended)
                return true;

            var marker = await ended.Execution!;
            await watchdog.RunAsync(() => run.ResolveLocal(ended, marker, isReplaying: false), stuck);
        }

        foreach (var left in instance.LocalActivities)
            _ = left.Stop.CancelAsync();
        await done.CancelAsync();
        return false;
    }

    async Task<LocalActivityMarker> ExecuteAsync(WorkflowInstance instance, LocalActivityOperation activity, CancellationToken abort)
    {
        using var slot = await slots.TakeAsync(abort);
        return await executor.RunAsync(instance.Info, activity, abort);
    }
}

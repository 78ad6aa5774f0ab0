using System.Collections.Concurrent;
using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Workflows;

namespace Temporal.Engine.Benchmarks;

/// <summary>Steps that do nothing, one after the other.</summary>
[Workflow]
public class StepsWorkflow
{
    [WorkflowRun]
    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
            await Workflow.ExecuteActivityAsync(() => Steps.NoOp(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
    }
}

public static class Steps
{
    [Activity]
    public static void NoOp()
    {
    }
}

/// <summary>Waits for signals until it gets <c>end</c>, and notes when each arrived.</summary>
[Workflow]
public class WaitingWorkflow
{
    bool _over;

    [WorkflowRun]
    public Task RunAsync() => Workflow.WaitConditionAsync(() => _over);

    [WorkflowSignal]
    public Task GoAsync(string name)
    {
        // Of the measurement, not of the workflow: it decides nothing by it.
        Arrivals.Note(name);
        _over = name == "end";
        return Task.CompletedTask;
    }
}

/// <summary>When signals reached workflow code in this process.</summary>
public static class Arrivals
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource<long>> Known = new();

    public static void Note(string name) => Of(name).TrySetResult(Stopwatch.GetTimestamp());

    public static Task<long> WhenAsync(string name) => Of(name).Task;

    static TaskCompletionSource<long> Of(string name) => Known.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

[Workflow]
public class EmptyWorkflow
{
    [WorkflowRun]
    public Task RunAsync() => Task.CompletedTask;
}

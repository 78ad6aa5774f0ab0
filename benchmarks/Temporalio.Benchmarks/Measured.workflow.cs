using Temporalio.Workflows;

namespace Temporalio.Benchmarks;

/// <summary>So many steps one after the other, each an activity: the usual shape of a job.</summary>
[Workflow("steps")]
public class Steps
{
    [WorkflowRun]
    public async Task<int> RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await Workflow.ExecuteActivityAsync<int>("step", [i], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        return count;
    }
}

/// <summary>A small workflow that has done one step and waits for a person.</summary>
[Workflow("waits")]
public class Waits
{
    bool _approved;

    [WorkflowRun]
    public async Task RunAsync()
    {
        await Workflow.ExecuteActivityAsync<int>("step", [1], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        await Workflow.WaitConditionAsync(() => _approved);
    }

    [WorkflowSignal("approve")]
    public async Task ApproveAsync() => _approved = true;
}

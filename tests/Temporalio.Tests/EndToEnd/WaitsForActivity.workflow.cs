using Temporalio.Workflows;

namespace Temporalio.Tests.EndToEnd;

/// <summary>Runs one activity that somebody else completes.</summary>
[Workflow]
public class WaitsForActivity
{
    [WorkflowRun]
    public Task<string> RunAsync(string key) => Workflow.ExecuteActivityAsync(
        () => Callbacks.WaitForCallbackAsync(key),
        new() { StartToCloseTimeout = TimeSpan.FromMinutes(1), RetryPolicy = new() { MaximumAttempts = 1 } });
}

using Temporalio.Workflows;

namespace Temporalio.Tests.EndToEnd;

/// <summary>Calls one activity twice.</summary>
[Workflow]
public class GreetTwice
{
    static readonly ActivityOptions Options = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    [WorkflowRun]
    public async Task<string> RunAsync(string who)
    {
        var first = await Workflow.ExecuteActivityAsync((HostingTests.Greeter activities) => activities.Greet(who), Options);
        var second = await Workflow.ExecuteActivityAsync((HostingTests.Greeter activities) => activities.Greet(who), Options);
        return $"{first}, {second}";
    }
}

/// <summary>Runs one activity that ends when its worker stops.</summary>
[Workflow]
public class RunLingering
{
    [WorkflowRun]
    public Task RunAsync() => Workflow.ExecuteActivityAsync(
        (HostingTests.Lingering activities) => activities.LingerAsync(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
}

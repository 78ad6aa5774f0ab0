using Temporalio.Workflows;

namespace Temporalio.Tests.EndToEnd;

/// <summary>Continues as new until nothing is left.</summary>
[Workflow("countdown")]
public class Countdown
{
    [WorkflowRun]
    public async Task<string> RunAsync(int left, string path)
    {
        if (left > 0)
            throw Workflow.CreateContinueAsNewException((Countdown wf) => wf.RunAsync(left - 1, path + left));

        return path;
    }
}

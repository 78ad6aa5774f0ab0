using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows whose code changes.</summary>
public static class VersionKit
{
    static readonly ActivityOptions TenSeconds = new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) };

    [Workflow("patchMe")]
    public class PatchMe
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.DelayAsync(10);
            await Workflow.WaitConditionAsync(() => _finished);
            return "old";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;
    }

    [Workflow("patchMe")]
    public class PatchMeChanged
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            if (Workflow.Patched("my-change"))
                await Workflow.ExecuteActivityAsync<string>("echo", ["patched"], TenSeconds);
            else
                await Workflow.DelayAsync(10);
            await Workflow.WaitConditionAsync(() => _finished);
            return Workflow.Patched("late-change") ? "late change" : "old";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;
    }

    [Workflow("patchedFromStart")]
    public class PatchedFromStart
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            var isNew = Workflow.Patched("my-change");
            await Workflow.DelayAsync(10);
            return isNew ? "new" : "old";
        }
    }

    [Workflow("patchedTwice")]
    public class PatchedTwice
    {
        [WorkflowRun]
        public async Task<object> RunAsync()
        {
            var first = Workflow.Patched("change-a");
            var again = Workflow.Patched("change-a");
            await Workflow.DelayAsync(10);
            var second = Workflow.Patched("change-b");
            return new { first, again, second };
        }
    }

    [Workflow("patchDeprecated")]
    public class PatchDeprecated
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            Workflow.DeprecatePatch("my-change");
            await Workflow.DelayAsync(10);
            return "new only";
        }
    }

    /// <summary>As patchDeprecated, after the call was removed.</summary>
    [Workflow("patchDeprecated")]
    public class PatchRemoved
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.DelayAsync(10);
            return "new only";
        }
    }

    [Workflow("changesCommand")]
    public class ChangesCommand
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.DelayAsync(300);
            await Workflow.WaitConditionAsync(() => _finished);
            return "with timer";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;
    }

    [Workflow("changesCommand")]
    public class ChangesCommandChanged
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.ExecuteActivityAsync<string>("echo", ["no timer"], TenSeconds);
            await Workflow.WaitConditionAsync(() => _finished);
            return "with activity";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;
    }

    [Workflow("throwsError")]
    public class ThrowsError
    {
        [WorkflowRun]
        public Task<string> RunAsync() => throw new InvalidOperationException("a bug in the workflow");
    }

    [Workflow("throwsError")]
    public class ThrowsErrorRepaired
    {
        [WorkflowRun]
        public async Task<string> RunAsync() => "repaired";
    }

    [Workflow("onlyInMain")]
    public class OnlyInMain
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _finished);
            return "found";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;
    }
}

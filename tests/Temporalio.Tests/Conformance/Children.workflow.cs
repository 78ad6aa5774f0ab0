using System.Text.Json;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows about child workflows.</summary>
public static class ChildKit
{
    [Workflow("runChild")]
    public class RunChild
    {
        [WorkflowRun]
        public Task<JsonElement?> RunAsync(string type, KitOptions? options = null) =>
            Workflow.ExecuteChildWorkflowAsync<JsonElement?>(type, (options ?? new()).Arguments, (options ?? new()).ToChild());
    }

    [Workflow("catchChild")]
    public class CatchChild
    {
        [WorkflowRun]
        public async Task<object> RunAsync(string type, KitOptions? options = null)
        {
            try
            {
                var result = await Workflow.ExecuteChildWorkflowAsync<JsonElement?>(
                    type, (options ?? new()).Arguments, (options ?? new()).ToChild());
                return new { result };
            }
            catch (FailureException error)
            {
                return KitErrors.ChildChain(error);
            }
        }
    }

    [Workflow("startAndLeave")]
    public class StartAndLeave
    {
        bool _leave;

        [WorkflowRun]
        public async Task<string> RunAsync(string type, KitOptions? options = null)
        {
            await Workflow.StartChildWorkflowAsync(type, (options ?? new()).Arguments, (options ?? new()).ToChild());
            await Workflow.WaitConditionAsync(() => _leave);
            return "left";
        }

        [WorkflowSignal("leave")]
        public async Task LeaveAsync() => _leave = true;
    }

    [Workflow("startAndWait")]
    public class StartAndWait
    {
        [WorkflowRun]
        public async Task RunAsync(string type, KitOptions? options = null)
        {
            await Workflow.StartChildWorkflowAsync(type, (options ?? new()).Arguments, (options ?? new()).ToChild());
            await Workflow.WaitConditionAsync(() => false);
        }
    }

    [Workflow("signalChild")]
    public class SignalChild
    {
        [WorkflowRun]
        public async Task<JsonElement?> RunAsync(string type, string signal, JsonElement[] args, KitOptions? options = null)
        {
            var child = await Workflow.StartChildWorkflowAsync(type, (options ?? new()).Arguments, (options ?? new()).ToChild());
            await child.SignalAsync(signal, [.. args.Cast<object?>()]);
            return await child.GetResultAsync<JsonElement?>();
        }
    }

    [Workflow("cancelChildOnSignal")]
    public class CancelChildOnSignal
    {
        bool _asked;

        [WorkflowRun]
        public async Task<object> RunAsync(string type, KitOptions? options = null)
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var child = Workflow.ExecuteChildWorkflowAsync<JsonElement?>(
                type, (options ?? new()).Arguments, (options ?? new()).ToChild(scope.Token));
            await Workflow.WaitConditionAsync(() => _asked);
            scope.Cancel();
            object how;
            try
            {
                how = new { result = await child };
            }
            catch (FailureException error)
            {
                how = new
                {
                    failed = KitErrors.Name(error),
                    cause = error.InnerException is { } cause ? KitErrors.Name(cause) : null,
                    cancelled = TemporalException.IsCanceledException(error),
                };
            }

            await Workflow.DelayAsync(500);
            return how;
        }

        [WorkflowSignal("cancelChild")]
        public async Task CancelChildAsync() => _asked = true;
    }

    [Workflow("goThenSleep")]
    public class GoThenSleep
    {
        bool _went;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _went);
            await Workflow.DelayAsync(1500);
            return "went";
        }

        [WorkflowSignal("go")]
        public async Task GoAsync() => _went = true;
    }

    [Workflow("cancelChildAtOnce")]
    public class CancelChildAtOnce
    {
        [WorkflowRun]
        public async Task<object?> RunAsync(KitOptions? options = null)
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var child = Workflow.ExecuteChildWorkflowAsync("waitForever", [], (options ?? new()).ToChild(scope.Token));
            scope.Cancel();
            try
            {
                await child;
                return null;
            }
            catch (Exception error)
            {
                return new { failed = KitErrors.Name(error), cancelled = TemporalException.IsCanceledException(error) };
            }
        }
    }

    [Workflow("childrenInSequence")]
    public class ChildrenInSequence
    {
        [WorkflowRun]
        public async Task<List<int>> RunAsync(string prefix, int count)
        {
            var results = new List<int>();
            for (var i = 0; i < count; i++)
                results.Add(await Workflow.ExecuteChildWorkflowAsync<int>("echo", [i], new() { Id = $"{prefix}-{i}" }));
            return results;
        }
    }

    [Workflow("grandparent")]
    public class Grandparent
    {
        [WorkflowRun]
        public Task<JsonElement> RunAsync(string prefix) =>
            Workflow.ExecuteChildWorkflowAsync<JsonElement>("parentOfPortrait", [prefix], new() { Id = $"{prefix}-parent" });
    }

    [Workflow("parentOfPortrait")]
    public class ParentOfPortrait
    {
        [WorkflowRun]
        public Task<JsonElement> RunAsync(string prefix) =>
            Workflow.ExecuteChildWorkflowAsync<JsonElement>("familyPortrait", [], new() { Id = $"{prefix}-child" });
    }

    [Workflow("familyPortrait")]
    public class FamilyPortrait
    {
        [WorkflowRun]
        public async Task<object> RunAsync() => new { parent = Workflow.Info.Parent?.WorkflowId, root = Workflow.Info.Root?.WorkflowId };
    }
}

using System.Text.Json;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows about activities.</summary>
public static class ActivityKit
{
    static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Twenty = TimeSpan.FromSeconds(20);

    static Task<JsonElement?> ScheduleAsync(
        string type, JsonElement[]? args, KitOptions? options, TimeSpan timeout, CancellationToken? token = null) =>
        Workflow.ExecuteActivityAsync<JsonElement?>(type, [.. (args ?? []).Cast<object?>()], (options ?? new()).ToActivity(timeout, token));

    static Task<JsonElement?> EchoAsync(object value, CancellationToken? token = null) =>
        Workflow.ExecuteActivityAsync<JsonElement?>("echo", [value], new KitOptions().ToActivity(Ten, token));

    [Workflow("runActivity")]
    public class RunActivity
    {
        [WorkflowRun]
        public Task<JsonElement?> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null) =>
            ScheduleAsync(type, args, options, Ten);
    }

    [Workflow("catchActivity")]
    public class CatchActivity
    {
        [WorkflowRun]
        public async Task<object> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null)
        {
            try
            {
                return new { result = await ScheduleAsync(type, args, options, Ten) };
            }
            catch (FailureException error)
            {
                return KitErrors.ActivityChain(error);
            }
        }
    }

    [Workflow("runSequence")]
    public class RunSequence
    {
        [WorkflowRun]
        public async Task<List<JsonElement?>> RunAsync(JsonElement[][] steps)
        {
            var results = new List<JsonElement?>();
            foreach (var step in steps)
            {
                results.Add(await ScheduleAsync(
                    step[0].GetString()!,
                    step.Length > 1 ? step[1].Deserialize<JsonElement[]>() : [],
                    step.Length > 2 ? step[2].Deserialize<KitOptions>() : null,
                    Ten));
            }

            return results;
        }
    }

    [Workflow("fanOut")]
    public class FanOut
    {
        [WorkflowRun]
        public Task<JsonElement?[]> RunAsync(int count, KitOptions? options = null) => Workflow.WhenAllAsync(Enumerable.Range(0, count)
            .Select(i => Workflow.ExecuteActivityAsync<JsonElement?>("echo", [i], (options ?? new()).ToActivity(Ten))));
    }

    [Workflow("cancelActivityOnSignal")]
    public class CancelActivityOnSignal
    {
        bool _asked;

        [WorkflowRun]
        public async Task<object> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null)
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var activity = ScheduleAsync(type, args, options, Twenty, scope.Token);
            await Workflow.WaitConditionAsync(() => _asked);
            scope.Cancel();
            try
            {
                return new { result = await activity };
            }
            catch (FailureException error)
            {
                return new
                {
                    failed = KitErrors.Name(error),
                    cause = error.InnerException is { } cause ? KitErrors.Name(cause) : null,
                    causeMessage = error.InnerException?.Message,
                    cancelled = TemporalException.IsCanceledException(error),
                    retryState = KitErrors.RetryStateOf(error),
                };
            }
        }

        [WorkflowSignal("cancelActivity")]
        public async Task CancelActivityAsync() => _asked = true;
    }

    [Workflow("cancelActivityAtOnce")]
    public class CancelActivityAtOnce
    {
        [WorkflowRun]
        public async Task<object?> RunAsync()
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var activity = EchoAsync(1, scope.Token);
            scope.Cancel();
            try
            {
                return await activity;
            }
            catch (Exception error)
            {
                return new { cancelled = TemporalException.IsCanceledException(error) };
            }
        }
    }

    [Workflow("compensateOnCancel")]
    public class CompensateOnCancel
    {
        [WorkflowRun]
        public async Task<JsonElement?> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null)
        {
            try
            {
                return await ScheduleAsync(type, args, options, Twenty);
            }
            catch (Exception error) when (TemporalException.IsCanceledException(error))
            {
                await EchoAsync("compensated", CancellationToken.None);
                throw;
            }
        }
    }

    [Workflow("saga")]
    public class Saga
    {
        [WorkflowRun]
        public async Task RunAsync()
        {
            var undo = new Stack<string>();
            try
            {
                foreach (var step in (string[])["one", "two"])
                {
                    await EchoAsync(step);
                    undo.Push($"undo {step}");
                }

                await Workflow.ExecuteActivityAsync(
                    "fail", [new { message = "step three", nonRetryable = true }], new() { StartToCloseTimeout = Ten });
            }
            catch (FailureException error)
            {
                foreach (var step in undo)
                    await EchoAsync(step);
                throw new ApplicationFailureException("undone", error, "Undone");
            }
        }
    }

    [Workflow("raceWithTimer")]
    public class RaceWithTimer
    {
        [WorkflowRun]
        public async Task<object> RunAsync(int ms, string type, JsonElement[]? args = null, KitOptions? options = null)
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var work = ScheduleAsync(type, args, options, Twenty, scope.Token);
            var timer = Workflow.DelayAsync(ms);
            if (await Workflow.WhenAnyAsync(work, timer) == work)
                return new { result = await work };

            scope.Cancel();
            try
            {
                await work;
            }
            catch (FailureException)
            {
                return "timer";
            }

            return "timer";
        }
    }

    [Workflow("runLocalActivity")]
    public class RunLocalActivity
    {
        [WorkflowRun]
        public Task<JsonElement?> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null) =>
            Workflow.ExecuteLocalActivityAsync<JsonElement?>(type, [.. (args ?? []).Cast<object?>()], (options ?? new()).ToLocal());
    }

    [Workflow("catchLocalActivity")]
    public class CatchLocalActivity
    {
        [WorkflowRun]
        public async Task<object> RunAsync(string type, JsonElement[]? args = null, KitOptions? options = null)
        {
            try
            {
                var result = await Workflow.ExecuteLocalActivityAsync<JsonElement?>(
                    type, [.. (args ?? []).Cast<object?>()], (options ?? new()).ToLocal());
                return new { result };
            }
            catch (FailureException error)
            {
                var (name, retryState) = (KitErrors.Name(error), KitErrors.RetryStateOf(error));
                return error.InnerException is not { } cause
                    ? new { @class = name, causeType = (string?)null, retryState }
                    : new
                    {
                        @class = name,
                        cause = KitErrors.Name(cause),
                        causeMessage = cause.Message,
                        causeType = (cause as ApplicationFailureException)?.ErrorType,
                        retryState,
                    };
            }
        }
    }

    [Workflow("localActivitiesAroundTimer")]
    public class LocalActivitiesAroundTimer
    {
        [WorkflowRun]
        public async Task<List<int>> RunAsync()
        {
            var results = new List<int>();
            for (var i = 0; i < 3; i++)
                results.Add(await Workflow.ExecuteLocalActivityAsync<int>("echo", [i], new KitOptions().ToLocal()));
            await Workflow.DelayAsync(10);
            results.Add(await Workflow.ExecuteLocalActivityAsync<int>("echo", [3], new KitOptions().ToLocal()));
            return results;
        }
    }

    [Workflow("localActivitiesAtOnce")]
    public class LocalActivitiesAtOnce
    {
        [WorkflowRun]
        public Task<int[]> RunAsync() => Workflow.WhenAllAsync(
            Enumerable.Range(0, 3).Select(i => Workflow.ExecuteLocalActivityAsync<int>("echo", [i], new KitOptions().ToLocal())));
    }
}

using Temporalio.Activities;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Worker;

/// <summary>Activities as an application writes them: methods of an object with its own dependencies.</summary>
public sealed class ShopActivities(string greeting)
{
    public TaskCompletionSource<byte[]> Token { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<ActivityCancelReason> Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Flaky { get; set; }

    [Activity]
    public Task<string> GreetAsync(string name) => Task.FromResult($"{greeting}, {name}");

    [Activity]
    public int Add(int a, int b = 1) => a + b;

    [Activity]
    public string LeaveOpen()
    {
        Token.TrySetResult(ActivityExecutionContext.Current.Info.TaskToken);
        throw new CompleteAsyncException();
    }

    [Activity]
    public async Task<string> UntilCancelledAsync()
    {
        var context = ActivityExecutionContext.Current;
        Started.TrySetResult();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (true)
            {
                context.Heartbeat("alive");
                await ticks.WaitForNextTickAsync(context.CancellationToken);
            }
        }
        finally
        {
            Stopped.TrySetResult(context.CancelReason);
        }
    }

    [Activity]
    public async Task<string> ResumeAsync()
    {
        var context = ActivityExecutionContext.Current;
        if (context.Info.Attempt == 1)
        {
            context.Heartbeat("half", 50);
            throw new ApplicationFailureException("once", "Once");
        }

        return $"{await context.Info.HeartbeatDetailAtAsync<string>(0)} {await context.Info.HeartbeatDetailAtAsync<int>(1)}";
    }

    [Activity]
    public int FailUntilThird() => ++Flaky < 3 ? throw new ApplicationFailureException($"try {Flaky}", "Flaky") : Flaky;
}

/// <summary>One of each: activity, timer, signal, query, update, memo.</summary>
[Workflow]
public class OrderWorkflow
{
    readonly List<string> _log = [];
    bool _paid;

    [WorkflowQuery]
    public IReadOnlyList<string> Log => _log;

    [WorkflowRun]
    public async Task<string> RunAsync(string customer)
    {
        _log.Add(await Workflow.ExecuteActivityAsync(
            (ShopActivities shop) => shop.GreetAsync(customer), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) }));
        await Workflow.DelayAsync(10);
        _log.Add("waited");
        await Workflow.WaitConditionAsync(() => _paid);
        Workflow.UpsertMemo(MemoUpdate.ValueSet("state", "paid"));
        var sum = await Workflow.ExecuteActivityAsync(
            (ShopActivities shop) => shop.Add(2, 3), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        return $"{_log[0]}: {sum}";
    }

    [WorkflowSignal]
    public async Task PayAsync() => _paid = true;

    [WorkflowUpdate]
    public async Task<int> NoteAsync(string text)
    {
        await Workflow.DelayAsync(1);
        _log.Add(text);
        return _log.Count;
    }

    [WorkflowUpdateValidator(nameof(NoteAsync))]
    public void ValidateNote(string text)
    {
        if (text.Length == 0)
            throw new ApplicationFailureException("empty note", "Empty");
    }
}

/// <summary>Serves any workflow type and any message.</summary>
[Workflow(Dynamic = true)]
public class AnyWorkflow
{
    readonly List<string> _seen = [];

    [WorkflowRun]
    public async Task<string> RunAsync(IRawValue[] args)
    {
        _seen.Add($"{Workflow.Info.WorkflowType}({Workflow.PayloadConverter.ToValue<int>(args[0])})");
        await Workflow.WaitConditionAsync(() => _seen.Count >= 3);
        return string.Join(' ', _seen);
    }

    [WorkflowSignal(Dynamic = true)]
    public async Task OnSignalAsync(string name, IRawValue[] args) => _seen.Add($"signal:{name}:{args.Length}");

    [WorkflowUpdate(Dynamic = true)]
    public async Task<string> OnUpdateAsync(string name, IRawValue[] args)
    {
        _seen.Add($"update:{name}:{Workflow.PayloadConverter.ToValue<string>(args[0])}");
        return name;
    }

    [WorkflowQuery(Dynamic = true)]
    public string OnQuery(string name, IRawValue[] args) => $"{name}:{_seen.Count}";
}

/// <summary>Runs one activity by name and says how it ended.</summary>
[Workflow]
public class OneActivity
{
    bool _cancel;

    [WorkflowRun]
    public async Task<string> RunAsync(string activity)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
        var options = new ActivityOptions
        {
            StartToCloseTimeout = TimeSpan.FromMinutes(5),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(500),
            CancellationToken = scope.Token,
            CancellationType = ActivityCancellationType.WaitCancellationCompleted,
            RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(10) },
        };
        var running = Workflow.ExecuteActivityAsync<string>(activity, [], options);
        var cancelled = Workflow.WaitConditionAsync(() => _cancel);
        if (await Workflow.WhenAnyAsync(running, cancelled) == cancelled)
            scope.Cancel();
        try
        {
            return await running;
        }
        catch (ActivityFailureException failure) when (TemporalException.IsCanceledException(failure))
        {
            return "cancelled";
        }
    }

    [WorkflowSignal]
    public async Task CancelAsync() => _cancel = true;
}

/// <summary>Local activities, with retries.</summary>
[Workflow]
public class LocalWork
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        var options = new LocalActivityOptions
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(5) },
        };
        var first = await Workflow.ExecuteLocalActivityAsync((ShopActivities shop) => shop.FailUntilThird(), options);
        await Workflow.DelayAsync(1);
        var sums = await Workflow.WhenAllAsync(
            Enumerable.Range(0, 3).Select(i => Workflow.ExecuteLocalActivityAsync((ShopActivities shop) => shop.Add(i, 10), options)));
        return $"{first} {string.Join(',', sums)}";
    }
}

/// <summary>A family: runs a child, signals it, continues as new.</summary>
[Workflow]
public class Parent
{
    [WorkflowRun]
    public async Task<string> RunAsync(int generation)
    {
        var child = await Workflow.StartChildWorkflowAsync((Child next) => next.RunAsync(generation));
        await child.SignalAsync(next => next.GoAsync("hello"));
        var result = await child.GetResultAsync();
        return generation > 0
            ? throw Workflow.CreateContinueAsNewException((Parent next) => next.RunAsync(generation - 1))
            : result;
    }
}

/// <summary>Waits for a word.</summary>
[Workflow]
public class Child
{
    string? _word;

    [WorkflowRun]
    public async Task<string> RunAsync(int number)
    {
        await Workflow.WaitConditionAsync(() => _word is not null);
        return $"{_word} {number}";
    }

    [WorkflowSignal]
    public async Task GoAsync(string word) => _word = word;
}

/// <summary>Code that must not be in a workflow.</summary>
[Workflow]
public class Misbehaving
{
    public static ManualResetEventSlim Release { get; } = new();

    public static TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TaskCompletionSource WasWoken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static Task ForeignAsync()
    {
        // The workflow's continuation runs right after this one is queued, long before the test's next signal arrives.
        var foreign = Task.Run(() => LetGo.Task);
        _ = foreign.ContinueWith(_ => Task.Run(WasWoken.TrySetResult), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return foreign;
    }

    [WorkflowRun]
    public async Task<string> RunAsync(string how)
    {
        switch (how)
        {
            case "block":
                Release.Wait();
                break;
            case "foreign":
                await ForeignAsync();
                break;
            default:
                throw new InvalidOperationException("a bug");
        }

        return "done";
    }
}

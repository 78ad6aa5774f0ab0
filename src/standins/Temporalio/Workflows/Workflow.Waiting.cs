using Temporalio.Worker.Interceptors;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Waits this long by a durable timer.</summary>
    public static Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) =>
        Context.Outbound.DelayAsync(new(delay, cancellationToken, null));

    /// <summary>Waits this many milliseconds by a durable timer.</summary>
    public static Task DelayAsync(int millisecondsDelay, CancellationToken? cancellationToken = null) =>
        DelayAsync(TimeSpan.FromMilliseconds(millisecondsDelay), cancellationToken);

    /// <summary>Waits by a durable timer.</summary>
    public static Task DelayWithOptionsAsync(DelayOptions options) =>
        Context.Outbound.DelayAsync(new(options.Delay, options.CancellationToken, options.Summary));

    /// <summary>Waits until the condition is true. It is asked after every step of the workflow and must not change anything.</summary>
    public static Task WaitConditionAsync(Func<bool> conditionCheck, CancellationToken? cancellationToken = null) =>
        Context.WaitConditionAsync(new(conditionCheck, cancellationToken: cancellationToken));

    /// <summary>Waits until the condition is true, or this many milliseconds. Tells whether it became true.</summary>
    public static Task<bool> WaitConditionAsync(
        Func<bool> conditionCheck, int timeoutMilliseconds, CancellationToken? cancellationToken = null) =>
        WaitConditionAsync(conditionCheck, TimeSpan.FromMilliseconds(timeoutMilliseconds), cancellationToken);

    /// <summary>Waits until the condition is true, or this long. Tells whether it became true.</summary>
    public static Task<bool> WaitConditionAsync(
        Func<bool> conditionCheck, TimeSpan timeout, CancellationToken? cancellationToken = null) =>
        Context.WaitConditionAsync(new(conditionCheck, timeout, cancellationToken: cancellationToken));

    /// <summary>Waits for a condition. Tells whether it became true before the timeout.</summary>
    public static Task<bool> WaitConditionWithOptionsAsync(WaitConditionOptions options) => Context.WaitConditionAsync(options);

    /// <summary>As <see cref="Task.WhenAny(Task[])"/>.</summary>
    public static Task<Task> WhenAnyAsync(params Task[] tasks) => Task.WhenAny(tasks);

    /// <summary>As <see cref="Task.WhenAny(IEnumerable{Task})"/>.</summary>
    public static Task<Task> WhenAnyAsync(IEnumerable<Task> tasks) => Task.WhenAny(tasks);

    /// <summary>As <see cref="Task.WhenAny{TResult}(Task{TResult}[])"/>.</summary>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    public static Task<Task<TResult>> WhenAnyAsync<TResult>(params Task<TResult>[] tasks) => Task.WhenAny(tasks);

    /// <summary>As <see cref="Task.WhenAny{TResult}(IEnumerable{Task{TResult}})"/>.</summary>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    public static Task<Task<TResult>> WhenAnyAsync<TResult>(IEnumerable<Task<TResult>> tasks) => Task.WhenAny(tasks);

    /// <summary>As <see cref="Task.WhenAll(Task[])"/>.</summary>
    public static Task WhenAllAsync(params Task[] tasks) => Task.WhenAll(tasks);

    /// <summary>As <see cref="Task.WhenAll(IEnumerable{Task})"/>.</summary>
    public static Task WhenAllAsync(IEnumerable<Task> tasks) => Task.WhenAll(tasks);

    /// <summary>As <see cref="Task.WhenAll{TResult}(Task{TResult}[])"/>.</summary>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    public static Task<TResult[]> WhenAllAsync<TResult>(params Task<TResult>[] tasks) => Task.WhenAll(tasks);

    /// <summary>As <see cref="Task.WhenAll{TResult}(IEnumerable{Task{TResult}})"/>.</summary>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    public static Task<TResult[]> WhenAllAsync<TResult>(IEnumerable<Task<TResult>> tasks) => Task.WhenAll(tasks);

    /// <summary>Runs a function on the workflow's own scheduler, as <c>Task.Run</c> would on the thread pool.</summary>
    public static Task RunTaskAsync(Func<Task> function, CancellationToken? cancellationToken = null) =>
        Context.RunTask(function, cancellationToken ?? default).Unwrap();

    /// <summary>Runs a function on the workflow's own scheduler, as <c>Task.Run</c> would on the thread pool.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> RunTaskAsync<TResult>(Func<Task<TResult>> function, CancellationToken? cancellationToken = null) =>
        Context.RunTask(function, cancellationToken ?? default).Unwrap();
}

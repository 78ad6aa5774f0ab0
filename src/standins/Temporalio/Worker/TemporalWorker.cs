using Temporalio.Worker.Tasks;

namespace Temporalio.Worker;

/// <summary>
/// Runs workflows and activities of one task queue until it is told to stop. A server that is away does not end it: it asks again
/// until the server is back.
/// </summary>
public class TemporalWorker : IDisposable
{
    readonly CancellationTokenSource _disposed = new();
    int _isStarted;

    /// <summary>A worker for these workflows and activities.</summary>
    /// <exception cref="ArgumentException">The options lack a task queue or anything to run.</exception>
    public TemporalWorker(IWorkerClient client, TemporalWorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (string.IsNullOrEmpty(options.TaskQueue))
            throw new ArgumentException("TemporalWorkerOptions.TaskQueue is required.", nameof(options));
        if (options.Workflows.Count == 0 && options.Activities.Count == 0)
            throw new ArgumentException(
                "A worker needs at least one workflow or activity; add it with AddWorkflow or AddActivity.", nameof(options));
        if (options.Workflows.FirstOrDefault(workflow => !workflow.Instantiable) is { } notInstantiable)
            throw new ArgumentException($"Workflow {notInstantiable.Type} is an interface or abstract and cannot be run.", nameof(options));
        if (options.Workflows.GroupBy(workflow => workflow.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"More than one workflow is {(twice.Key is { } name ? $"named '{name}'" : "dynamic")}.", nameof(options));

        Client = client;
        Options = options;

        // Problems with the activities show here and not at the first poll.
        _ = new Activities.ActivityExecutor(options.Activities, [], options.ActivityTaskFactory);
    }

    /// <summary>The options; do not change them.</summary>
    public TemporalWorkerOptions Options { get; }

    /// <summary>The client; setting another one moves the next calls to it.</summary>
    public IWorkerClient Client { get; set; }

    /// <summary>Runs until the token is cancelled; then ends gracefully.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. This is the only way to end.</exception>
    public Task ExecuteAsync(CancellationToken stoppingToken) =>
        ExecuteAsync(() => Task.Delay(Timeout.Infinite, stoppingToken), stoppingToken);

    /// <summary>Runs until the function's task ends or the token is cancelled; then ends gracefully.</summary>
    public Task ExecuteAsync(Func<Task> untilComplete, CancellationToken stoppingToken = default) => ExecuteAsync<ValueTuple>(
        async () =>
        {
            await untilComplete();
            return default;
        },
        stoppingToken);

    /// <summary>Runs until the function's task ends or the token is cancelled; then ends gracefully.</summary>
    /// <typeparam name="TResult">Type of the function's result.</typeparam>
    public async Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> untilComplete, CancellationToken stoppingToken = default)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 1)
            throw new InvalidOperationException("A worker can be run once; make another one to run again.");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _disposed.Token);
        using var parts = new RunningWorker(this, Options);
        var running = parts.RunAsync(stop.Token);
        var until = UntilAsync(untilComplete, stop.Token);
        await Task.WhenAny(running, until);
        await stop.CancelAsync();
        await running;
        return await until;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the worker if it runs, without waiting for its end.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _disposed.Cancel();
    }

    static async Task<TResult> UntilAsync<TResult>(Func<Task<TResult>> untilComplete, CancellationToken stop)
    {
        var until = untilComplete();
        return await until.WaitAsync(stop);
    }
}

using Temporal.Engine;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.Worker;

/// <summary>An engine in this process with a client; each worker gets a task queue of its own.</summary>
sealed class Harness : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly string _folder;
    readonly TemporalEngine _engine;
    int _queues;

    Harness(string folder, TemporalEngine engine, TemporalClient client)
    {
        _folder = folder;
        _engine = engine;
        Client = client;
    }

    public TemporalClient Client { get; }

    public static async Task<Harness> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("worker-tests-").FullName;
        var engine = await TemporalEngine.StartAsync(new() { DataDirectory = folder, Listen = null }, CancellationToken.None);
        return new(folder, engine, await TemporalClient.ConnectAsync(new(engine.Address)));
    }

    /// <summary>Another client of the same engine.</summary>
    public Task<TemporalClient> ConnectAsync(Temporalio.Converters.DataConverter converter) =>
        TemporalClient.ConnectAsync(new(_engine.Address) { DataConverter = converter });

    public TemporalWorkerOptions Options(params Type[] workflows)
    {
        var options = new TemporalWorkerOptions($"queue-{Interlocked.Increment(ref _queues)}");
        foreach (var workflow in workflows)
            options.AddWorkflow(workflow);
        return options;
    }

    /// <summary>Runs a worker around a test.</summary>
    public async Task RunAsync(TemporalWorkerOptions options, Func<Task> test)
    {
        using var worker = new TemporalWorker(Client, options);
        using var late = new CancellationTokenSource(Patience);
        await worker.ExecuteAsync(test, late.Token);
    }

    public async Task<WorkflowHandle> StartAsync(TemporalWorkerOptions options, string workflow, params object?[] args) =>
        await Client.StartWorkflowAsync(workflow, args, new(id: Guid.NewGuid().ToString(), taskQueue: options.TaskQueue!));

    public static async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(WorkflowHandle handle) => [.. (await handle.FetchHistoryAsync()).Events];

    /// <summary>Waits until the history has so many events of a type.</summary>
    public static async Task EventAsync(WorkflowHandle handle, EventType type, int count = 1) =>
        await Eventually.IsTrue(async () => (await HistoryAsync(handle)).Count(e => e.EventType == type) >= count, $"{count} {type}");

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

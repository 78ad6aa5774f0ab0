using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// Runs workers of this SDK for the conformance kit's scenarios, which are TypeScript: one connection is one worker, from the line
/// 'ready' until the scenario closes it. The kit's README says what stands in the first line.
/// </summary>
sealed class KitWorkerHost : IAsyncDisposable
{
    static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly string _server;
    readonly int? _cacheSize;
    readonly Task _accepting;

    /// <param name="server">Address of the server under test.</param>
    /// <param name="cacheSize">Unless a scenario asks for a smaller one.</param>
    public KitWorkerHost(string server, int? cacheSize)
    {
        _server = server;
        _cacheSize = cacheSize;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    async Task ServeAsync(TcpClient scenario)
    {
        using var connection = scenario;
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        try
        {
            var wanted = JsonSerializer.Deserialize<WantedWorker>((await reader.ReadLineAsync(_stop.Token))!, CamelCase)!;
            using var worker = new TemporalWorker(
                await TemporalClient.ConnectAsync(new(_server) { Namespace = wanted.Namespace, Identity = "worker@host" }), OptionsOf(wanted));
            await worker.ExecuteAsync(
                async () =>
                {
                    await writer.WriteLineAsync("ready");
                    await reader.ReadLineAsync(_stop.Token);
                },
                CancellationToken.None);
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException && _stop.IsCancellationRequested)
        {
            // The test is over; the scenario's process is gone.
        }
        catch (Exception ex)
        {
            await writer.WriteLineAsync(ex.ToString().ReplaceLineEndings(" "));
        }
    }

    TemporalWorkerOptions OptionsOf(WantedWorker wanted)
    {
        var options = new TemporalWorkerOptions(wanted.TaskQueue);
        foreach (var workflow in wanted.Changed ? Kit.ChangedWorkflows : Kit.Workflows())
            options.AddWorkflow(workflow);
        options.AddAllActivities(typeof(KitActivities), null);
        options.LocalActivityWorkerOnly = !wanted.Activities;
        options.MaxCachedWorkflows = Math.Min(_cacheSize ?? int.MaxValue, wanted.MaxCachedWorkflows ?? options.MaxCachedWorkflows);
        options.MaxConcurrentWorkflowTasks = wanted.MaxConcurrentWorkflowTaskExecutions;
        options.MaxConcurrentWorkflowTaskPolls = 2;
        options.MaxConcurrentActivityTaskPolls = 2;
        options.MaxHeartbeatThrottleInterval = KitOptions.Span(wanted.MaxHeartbeatThrottleInterval) ?? options.MaxHeartbeatThrottleInterval;
        return options;
    }

    /// <summary>What a scenario says of its worker.</summary>
    sealed record WantedWorker(
        string TaskQueue,
        string Namespace,
        bool Changed,
        bool Activities,
        int? MaxCachedWorkflows,
        int? MaxConcurrentWorkflowTaskExecutions,
        JsonElement? MaxHeartbeatThrottleInterval);
}

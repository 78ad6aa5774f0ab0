using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>
/// Runs a worker for as long as its host runs. When the host stops, the worker stops polling, gives its activities
/// <see cref="TemporalWorkerOptions.GracefulShutdownTimeout"/>, then cancels them and waits. Mind that the host itself
/// waits for <see cref="HostOptions.ShutdownTimeout"/> only.
/// </summary>
public class TemporalWorkerService : BackgroundService
{
    readonly TemporalClientConnectOptions? _clientOptions;
    readonly ITemporalClient? _client;
    readonly TemporalWorkerOptions _workerOptions;
    readonly TemporalWorkerClientUpdater? _updater;

    /// <summary>A worker with a connection of its own.</summary>
    /// <exception cref="ArgumentException">There are no client options.</exception>
    public TemporalWorkerService(TemporalWorkerServiceOptions options)
        : this(
            options.ClientOptions ?? throw new ArgumentException(
                "TemporalWorkerServiceOptions.ClientOptions is not set; set it or pass a client.", nameof(options)),
            options) => _updater = options.WorkerClientUpdater;

    /// <summary>A worker with a connection of its own.</summary>
    public TemporalWorkerService(TemporalClientConnectOptions clientOptions, TemporalWorkerOptions workerOptions)
    {
        _clientOptions = clientOptions;
        _workerOptions = workerOptions;
    }

    /// <summary>A worker that uses a client.</summary>
    public TemporalWorkerService(ITemporalClient client, TemporalWorkerOptions workerOptions)
    {
        _client = client;
        _workerOptions = workerOptions;
    }

    /// <summary>A worker whose options come from the host's options, as <c>AddHostedTemporalWorker</c> makes it.</summary>
    /// <exception cref="InvalidOperationException">There are neither client options nor a client.</exception>
    [ActivatorUtilitiesConstructor]
    public TemporalWorkerService(
        TemporalWorkerServiceIdentifier serviceId,
        IOptionsMonitor<TemporalWorkerServiceOptions> optionsMonitor,
        ITemporalClient? existingClient = null,
        ILoggerFactory? loggerFactory = null)
    {
        var options = (TemporalWorkerServiceOptions)optionsMonitor.Get(WorkerOptionsName.Of(serviceId)).Clone();
        _clientOptions = options.ClientOptions;
        _client = _clientOptions is null
            ? existingClient ?? throw new InvalidOperationException(
                $"The worker of task queue '{serviceId.TaskQueue}' has no client. " +
                "Call services.AddTemporalClient(...), or give AddHostedTemporalWorker an address.")
            : null;
        _workerOptions = options;
        _updater = options.WorkerClientUpdater;
        SetLoggers(options, loggerFactory);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var client = _client ?? await TemporalClient.ConnectAsync(_clientOptions!);

        // A lazy client connects here, so that a wrong address is the host's failure and not a silent retry.
        await client.Connection.ConnectAsync();
        using var worker = new TemporalWorker(client, _workerOptions);
        using var watched = _updater?.Watch(worker);
        try
        {
            await worker.ExecuteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The worker's way to end when it was asked to; an error has another type.
            return;
        }
    }

    // The host's loggers are for workers whose client has none of its own.
    void SetLoggers(TemporalWorkerServiceOptions options, ILoggerFactory? loggerFactory)
    {
        if (loggerFactory is null)
            return;

        if (_clientOptions is { LoggerFactory: NullLoggerFactory })
            _clientOptions.LoggerFactory = loggerFactory;
        if (_client?.Options.LoggerFactory is null or NullLoggerFactory)
            options.LoggerFactory ??= loggerFactory;
    }
}

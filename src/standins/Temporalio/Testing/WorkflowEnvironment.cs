using Microsoft.Extensions.Logging;
using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>A server for tests, with a client.</summary>
public class WorkflowEnvironment : IAsyncDisposable
{
    /// <summary>An environment on a server that is there already, and is left running.</summary>
    public WorkflowEnvironment(ITemporalClient client) => Client = client;

    public ITemporalClient Client { get; protected init; }

    /// <summary>Always false: time runs as it does.</summary>
    public virtual bool SupportsTimeSkipping => false;

    protected ILogger<WorkflowEnvironment> Logger => Client.Options.LoggerFactory.CreateLogger<WorkflowEnvironment>();

    /// <summary>
    /// Starts an embedded server of its own with an empty database, in this process. Needs the assembly
    /// <c>Temporal.Engine</c> beside the program.
    /// </summary>
    /// <exception cref="InvalidOperationException">The assembly is missing.</exception>
    public static async Task<WorkflowEnvironment> StartLocalAsync(WorkflowEnvironmentStartLocalOptions? options = null)
    {
        options = (WorkflowEnvironmentStartLocalOptions)(options ?? new()).Clone();
        var server = await LocalEngine.StartAsync(options);
        try
        {
            options.TargetHost = server.Address;
            var client = await TemporalClient.ConnectAsync(options);
            await LocalEngine.PrepareAsync(client, options);
            return new OnEngine(client, server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's time, UTC.</summary>
    public virtual Task<DateTime> GetCurrentTimeAsync() => Task.FromResult(TimeProvider.System.GetUtcNow().UtcDateTime);

    public Task DelayAsync(int millisecondsDelay, CancellationToken? cancellationToken = null) =>
        DelayAsync(TimeSpan.FromMilliseconds(millisecondsDelay), cancellationToken);

    /// <summary>Waits.</summary>
    public virtual Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) =>
        Task.Delay(delay, TimeProvider.System, cancellationToken ?? CancellationToken.None);

    /// <summary>Stops the server if it was started here.</summary>
    public virtual Task ShutdownAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync();
        GC.SuppressFinalize(this);
    }

    sealed class OnEngine(ITemporalClient client, LocalEngine server) : WorkflowEnvironment(client)
    {
        public override Task ShutdownAsync() => server.DisposeAsync().AsTask();
    }
}

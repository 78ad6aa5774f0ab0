using Maintenance.Records;
using Microsoft.Extensions.Logging;

namespace Maintenance.Host.Runtime;

/// <summary>
/// The record store of a running worker. A database that is away at the start holds nothing up: it is tried until it is there.
/// </summary>
sealed partial class RecordsConnection(IRunStore store, TimeProvider time, ILogger<RecordsConnection> logger) : IAsyncDisposable
{
    static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IRunStore Store { get; } = store;

    /// <summary>Completes when the tables are there.</summary>
    public Task Ready => _ready.Task;

    /// <exception cref="RunStoreMigrationException">The database is of another program or version.</exception>
    public async Task PrepareAsync(CancellationToken stop)
    {
        using var retry = new PeriodicTimer(RetryEvery, time);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Store.MigrateAsync(stop);
                _ready.TrySetResult();
                return;
            }
            catch (RunStoreUnavailableException ex)
            {
                if (attempt == 1)
                    LogAway(logger, Store.Description, ex.Message);
            }

            await retry.WaitForNextTickAsync(stop);
        }
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    [LoggerMessage(6001, LogLevel.Warning, "The records in {Records} cannot be reached and are tried again until they can: {Reason}")]
    static partial void LogAway(ILogger logger, string records, string reason);
}

using Npgsql;

namespace Maintenance.Records;

/// <summary>
/// Connections with one policy for passing failures: everything the store does is idempotent by key, so a call whose connection broke
/// is made again on another connection at once, and what is still failing then becomes <see cref="RunStoreUnavailableException"/>.
/// </summary>
sealed class PostgresDatabase(NpgsqlDataSource source, string description) : IAsyncDisposable
{
    /// <summary>A restart breaks every pooled connection; two broken ones in a row empty the pool.</summary>
    const int TriesMax = 3;

    public string Description => description;

    public Task RunAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) =>
        RunAsync(
            async connection =>
            {
                await work(connection);
                return true;
            },
            cancellationToken);

    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await work(connection);
            }
            catch (NpgsqlException ex) when (IsBrokenConnection(ex) && attempt < TriesMax)
            {
                // The other idle connections most likely broke with this one.
                source.Clear();
            }
            catch (NpgsqlException ex) when (IsPassing(ex))
            {
                throw new RunStoreUnavailableException(
                    $"The record store {description} does not answer: {ex.Message.ReplaceLineEndings(" ")}. Check that Postgres runs and "
                        + "accepts connections.", ex);
            }
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>The connection was there and went away; a refused connect is not tried again at once.</summary>
    static bool IsBrokenConnection(NpgsqlException ex) => ex switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => true,
        PostgresException => false,
        _ => ex.InnerException is IOException or EndOfStreamException,
    };

    static bool IsPassing(NpgsqlException ex) => ex switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction or
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.DiskFull,
        // Without a server's answer there is only the network: refused, reset, timed out, pool exhausted.
        _ => true,
    };
}

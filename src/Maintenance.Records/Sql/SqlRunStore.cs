using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

/// <summary>
/// The statements that Postgres and SQLite have in common, which are nearly all. Where the dialects differ by a word, the word is a member
/// here; where the way differs, the method is abstract.
/// </summary>
abstract partial class SqlRunStore : IRunStore
{
    static SqlRunStore()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        StoredTime.Register();
    }

    public abstract string Description { get; }

    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    public abstract Task PingAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Behind a text that goes into a JSON column.</summary>
    protected abstract string AsJson { get; }

    /// <summary>At the end of a query whose rows the same transaction changes.</summary>
    protected abstract string ForUpdate { get; }

    /// <summary>A condition: the value before it is one of the <see cref="Set"/> in this parameter.</summary>
    protected abstract string IsIn(string parameter);

    protected abstract object Set(IEnumerable<string> values);

    /// <summary>A time less a time, as a whole number of microseconds.</summary>
    protected abstract string Microseconds(string difference);

    /// <summary>A statement ahead of those that must not run in two transactions at once for the same key, which is an expression.</summary>
    protected abstract string LockFor(string key);

    /// <summary>Runs the statements atomically; with <paramref name="durable"/> false a loss of power may take them back.</summary>
    /// <returns>How many rows they changed.</returns>
    protected abstract Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken, bool durable = true);

    /// <summary>Runs the work in one transaction.</summary>
    protected abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, bool durable, CancellationToken cancellationToken);

    protected abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken);

    protected Task<T?> FirstOrDefaultAsync<T>(string sql, object values, CancellationToken cancellationToken) =>
        ReadAsync(
            connection => connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            cancellationToken);

    protected Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<T>>(
            async connection =>
                [.. await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))],
            cancellationToken);
}

using Dapper;

namespace Maintenance.Records;

/// <summary>The run store in one file, for a machine that has no Postgres.</summary>
sealed partial class SqliteRunStore : IRunStore
{
    readonly SqliteDatabase _database;

    public SqliteRunStore(string path)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        _database = new(path);
    }

    public string Description => _database.Description;

    public Task MigrateAsync(CancellationToken cancellationToken) =>
        _database.WriteAsync(
            connection => SqliteMigrator.MigrateAsync(connection, Migration.Load("Sqlite"), Description, cancellationToken),
            durable: true,
            cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) =>
        FirstOrDefaultAsync<long>("select 1", new { }, cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken, bool durable = true) =>
        _database.WriteAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            durable,
            cancellationToken);

    Task<T?> FirstOrDefaultAsync<T>(string sql, object values, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            connection => connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            cancellationToken);

    Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<T>>(
            async connection =>
                [.. await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))],
            cancellationToken);
}

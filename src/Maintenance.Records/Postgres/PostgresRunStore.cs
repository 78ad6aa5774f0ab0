using Dapper;
using Npgsql;

namespace Maintenance.Records;

/// <summary>
/// The run store on Postgres. Several statements in one command are one round trip and, by the wire protocol, one transaction:
/// either all of them are committed or none.
/// </summary>
sealed partial class PostgresRunStore : IRunStore
{
    readonly PostgresDatabase _database;

    public PostgresRunStore(string connectionString)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var given = settings.Keys.ToHashSet();
        Default("Timeout", 5);
        Default("Command Timeout", 15);
        Default("Application Name", "maintenance");

        // The statements are few and always the same; prepared, they cost the server about half.
        Default("Max Auto Prepare", 100);
        _database = new(
            NpgsqlDataSource.Create(settings.ConnectionString), $"Postgres {settings.Host}:{settings.Port}/{settings.Database}");

        // ContainsKey would be true for every keyword that exists.
        void Default(string key, object value)
        {
            if (!given.Contains(key))
                settings[key] = value;
        }
    }

    public string Description => _database.Description;

    public Task MigrateAsync(CancellationToken cancellationToken) =>
        _database.RunAsync(
            connection => PostgresMigrator.MigrateAsync(connection, Migration.Load("Postgres"), Description, cancellationToken),
            cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => ExecuteAsync("select 1", null, cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken) =>
        _database.RunAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            cancellationToken);

    Task<T?> FirstOrDefaultAsync<T>(string sql, object values, CancellationToken cancellationToken) =>
        _database.RunAsync(
            connection => connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            cancellationToken);

    Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values, CancellationToken cancellationToken) =>
        _database.RunAsync<IReadOnlyList<T>>(
            async connection =>
                [.. await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))],
            cancellationToken);
}

using System.Data.Common;
using Dapper;
using Npgsql;

namespace Maintenance.Records;

/// <summary>
/// The run store on Postgres. Several statements in one command are one round trip and, by the wire protocol, one transaction:
/// either all of them are committed or none.
/// </summary>
sealed partial class PostgresRunStore : SqlRunStore
{
    /// <summary>For the rest of the transaction.</summary>
    const string NotDurable = "select set_config('synchronous_commit', 'off', true);\n";

    readonly PostgresDatabase _database;

    public PostgresRunStore(string connectionString)
    {
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

    public override string Description => _database.Description;

    public override Task MigrateAsync(CancellationToken cancellationToken) =>
        _database.RunAsync(
            connection => PostgresMigrator.MigrateAsync(connection, Migration.Load("Postgres"), Description, cancellationToken),
            cancellationToken);

    public override Task PingAsync(CancellationToken cancellationToken) => ExecuteAsync("select 1", null, cancellationToken);

    public override ValueTask DisposeAsync() => _database.DisposeAsync();

    protected override string AsJson => "::json";

    protected override string ForUpdate => "for update";

    protected override string IsIn(string parameter) => $"= any({parameter})";

    protected override object Set(IEnumerable<string> values) => values.ToArray();

    protected override string Microseconds(string difference) => $"(extract(epoch from {difference}) * 1000000)::bigint";

    protected override string LockFor(string key) => $"select pg_advisory_xact_lock(hashtextextended({key}, 0));";

    protected override Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken, bool durable = true)
    {
        var statements = durable ? sql : NotDurable + sql;
        return _database.RunAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(statements, values, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    protected override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, bool durable, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                if (!durable)
                    await connection.ExecuteAsync(new CommandDefinition(NotDurable, cancellationToken: cancellationToken));
                var result = await work(connection);
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);

    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken) =>
        _database.RunAsync(work, cancellationToken);
}

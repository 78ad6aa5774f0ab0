using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Maintenance.Records;

/// <summary>
/// The run store in one file, for a machine that has no Postgres. There is one writer, so that nothing needs a lock of its own; and without
/// a network between, a statement for each row is quicker than one that unpacks JSON.
/// </summary>
sealed partial class SqliteRunStore(string path) : SqlRunStore
{
    readonly SqliteDatabase _database = new(path);

    public override string Description => _database.Description;

    public override Task MigrateAsync(CancellationToken cancellationToken) =>
        _database.WriteAsync(
            connection => SqliteMigrator.MigrateAsync(connection, Migration.Load("Sqlite"), Description, cancellationToken),
            durable: true,
            cancellationToken);

    public override Task PingAsync(CancellationToken cancellationToken) =>
        FirstOrDefaultAsync<long>("select 1", new { }, cancellationToken);

    public override ValueTask DisposeAsync() => _database.DisposeAsync();

    protected override string AsJson => "";

    protected override string ForUpdate => "";

    protected override string IsIn(string parameter) => $"in (select value from json_each({parameter}))";

    protected override object Set(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    protected override string Microseconds(string difference) => difference;

    protected override string LockFor(string key) => "";

    protected override Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken, bool durable = true) =>
        _database.WriteAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken)),
            durable,
            cancellationToken);

    protected override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, bool durable, CancellationToken cancellationToken) =>
        _database.WriteAsync(work, durable, cancellationToken);

    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken) =>
        _database.ReadAsync(work, cancellationToken);
}

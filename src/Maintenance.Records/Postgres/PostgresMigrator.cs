using Dapper;
using Npgsql;

namespace Maintenance.Records;

/// <summary>
/// Applies missing migrations, each in a transaction of its own, while an advisory lock keeps other starting processes waiting.
/// </summary>
static class PostgresMigrator
{
    /// <summary>Any number that nothing else in the database locks: "maint" in ASCII.</summary>
    const long LockKey = 0x6D61696E74;

    public static async Task MigrateAsync(
        NpgsqlConnection connection, IReadOnlyList<Migration> known, string database, CancellationToken cancellationToken)
    {
        await ExecuteAsync("select pg_advisory_lock(@LockKey)", new { LockKey });
        try
        {
            await ExecuteAsync("""
                create table if not exists schema_migration (
                    number     integer primary key,
                    name       text not null,
                    checksum   text not null,
                    applied_at timestamptz not null default now()
                )
                """);
            var applied = await connection.QueryAsync<AppliedMigration>(new CommandDefinition(
                "select number, name, checksum from schema_migration order by number", cancellationToken: cancellationToken));

            foreach (var migration in MigrationPlan.Missing(known, [.. applied], database))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(migration.Sql);
                await ExecuteAsync(
                    "insert into schema_migration (number, name, checksum) values (@Number, @Name, @Checksum)",
                    new { migration.Number, migration.Name, migration.Checksum });
                await transaction.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            // On a broken connection the server has let go of the lock already.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
                await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }

        Task<int> ExecuteAsync(string sql, object? values = null) =>
            connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }
}

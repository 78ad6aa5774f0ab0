using Dapper;
using Microsoft.Data.Sqlite;

namespace Maintenance.Records;

/// <summary>
/// Applies missing migrations.
/// Differs from Postgres: all of them are one write transaction, which is also the lock that keeps other starting processes waiting.
/// </summary>
static class SqliteMigrator
{
    public static async Task<int> MigrateAsync(
        SqliteConnection connection, IReadOnlyList<Migration> known, string database, CancellationToken cancellationToken)
    {
        await ExecuteAsync("""
            create table if not exists schema_migration (
                number     integer primary key,
                name       text not null,
                checksum   text not null,
                applied_at text not null default current_timestamp
            ) strict
            """);
        var applied = await connection.QueryAsync<AppliedRow>(new CommandDefinition(
            "select number, name, checksum from schema_migration order by number", cancellationToken: cancellationToken));

        var missing = MigrationPlan.Missing(known, [.. applied.Select(row => row.ToApplied())], database);
        foreach (var migration in missing)
        {
            await ExecuteAsync(migration.Sql);
            await ExecuteAsync(
                "insert into schema_migration (number, name, checksum) values (@Number, @Name, @Checksum)",
                new { migration.Number, migration.Name, migration.Checksum });
        }

        return missing.Count;

        Task<int> ExecuteAsync(string sql, object? values = null) =>
            connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }

    sealed record AppliedRow(long Number, string Name, string Checksum)
    {
        public AppliedMigration ToApplied() => new((int)Number, Name, Checksum);
    }
}

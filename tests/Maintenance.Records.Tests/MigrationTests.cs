using Npgsql;

namespace Maintenance.Records.Tests;

[Collection("postgres")]
public sealed class MigrationTests(PostgresServer server)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_dialects_have_the_same_migrations_each_with_a_number_of_its_own()
    {
        var postgres = Migration.Load("Postgres");
        var sqlite = Migration.Load("Sqlite");

        Assert.NotEmpty(postgres);
        Assert.Equal(postgres.Select(migration => migration.Name), sqlite.Select(migration => migration.Name));
        Assert.Equal(postgres.Select(migration => migration.Number).Distinct().Order(), postgres.Select(migration => migration.Number));
    }

    [Fact]
    public void A_migration_checked_out_with_other_line_ends_is_the_same() =>
        Assert.Equal(new Migration(1, "a", "x\ny\n").Checksum, new Migration(1, "a", "x\r\ny\r\n").Checksum);

    [Fact]
    public async Task Processes_that_start_at_once_migrate_once()
    {
        var stores = Enumerable.Repeat(await server.CreateSchemaAsync(), 8).Select(RunStores.Open).ToList();

        await Task.WhenAll(stores.Select(store => store.MigrateAsync(Token)));

        await stores[0].FinishRunAsync(Some.FullRun("r1"), [], Token);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Theory]
    [InlineData("update schema_migration set checksum = 'x'", "with another text of 0001_first_tables.sql")]
    [InlineData("insert into schema_migration (number, name, checksum) values (9999, '9999_future', 'x')", "by a newer version (9999")]
    public async Task A_changed_or_unknown_migration_is_refused(string tampering, string message)
    {
        var schema = await server.CreateSchemaAsync();
        await using var store = RunStores.Open(schema);
        await store.MigrateAsync(Token);
        await using (var connection = new NpgsqlConnection(schema))
        {
            await connection.OpenAsync(Token);
            await using var command = new NpgsqlCommand(tampering, connection);
            await command.ExecuteNonQueryAsync(Token);
        }

        var refused = await Assert.ThrowsAsync<RunStoreMigrationException>(() => store.MigrateAsync(Token));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}

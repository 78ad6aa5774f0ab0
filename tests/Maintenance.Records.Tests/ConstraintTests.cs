using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Maintenance.Records.Tests;

/// <summary>State rules that hold even for somebody with a database shell.</summary>
[Collection("postgres")]
public sealed class ConstraintTests(PostgresServer server)
{
    public static TheoryData<string> Violations =>
    [
        "update run set finished_at = null",
        "update run set status = 'running'",
        "update run set status = 'fine'",
        "update run set cause = 'mood'",
        "update step set status = 'fine'",
        "update step set run_id = 'nobody'",
        "update attempt set position = 99",
        "update attempt set outcome = 'fine'",
        "update approval set decided_by = null",
        "update outbox set delivered_at = created_at, dead_at = created_at",
        "update occurrence set count = 0",
        "update occurrence set last_due_at = due_at - (updated_at - due_at)",
        "insert into job (job, bundle_hash, set_at) select 'j', 'missing', updated_at from occurrence",
        "update run set input = '{'",
    ];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Postgres_refuses(string violation)
    {
        var schema = await server.CreateSchemaAsync();
        await using var store = RunStores.Open(schema);
        await FillAsync(store);

        await using var connection = new NpgsqlConnection(schema);
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(violation));
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Sqlite_refuses(string violation)
    {
        var folder = Directory.CreateTempSubdirectory("records-").FullName;
        await using (var store = RunStores.Open(Path.Combine(folder, "records.db")))
        {
            await FillAsync(store);
            await using var connection = new SqliteConnection($"Data Source={folder}/records.db;Foreign Keys=True;Pooling=False");
            await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync(violation));
        }

        Directory.Delete(folder, recursive: true);
    }

    static async Task FillAsync(IRunStore store)
    {
        await store.MigrateAsync(Token);
        await store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);
        await store.WriteLedgerAsync(
            new()
            {
                From = null,
                Until = Some.Start.AddHours(1),
                SeenAt = Some.Start,
                Rows = [new() { ScheduleId = "s", DueAt = Some.Start, Status = OccurrenceStatus.Ran, UpdatedAt = Some.Start.AddHours(1) }],
            },
            Token);
    }
}

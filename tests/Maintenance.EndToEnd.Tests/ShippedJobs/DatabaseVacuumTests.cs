using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job database-vacuum against a real server.</summary>
public sealed class DatabaseVacuumTests : IAsyncLifetime
{
    readonly ShippedJob _job = new("database-vacuum");
    PostgresServer _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartNewAsync();
        await _postgres.SqlAsync(
            """
            create table "bloated; drop table clean" (id int) with (autovacuum_enabled = off);
            create table clean (id int) with (autovacuum_enabled = off);
            insert into "bloated; drop table clean" select generate_series(1, 5000);
            insert into clean select generate_series(1, 5000);
            delete from "bloated; drop table clean" where id % 2 = 0;
            """);
        await Eventually.TrueAsync(
            "the server has counted the dead rows", TimeSpan.FromSeconds(30),
            async () => await DeadRowsAsync() == "2500");
    }

    public async ValueTask DisposeAsync()
    {
        await _job.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_a_run_vacuums_what_needs_it_once_nobody_holds_it()
    {
        var dry = await VacuumAsync("dryRun=true");
        dry.Succeeded();
        Assert.Contains("would run: vacuum (analyze) \"bloated; drop table clean\"", dry.Said);
        Assert.Equal("2500", await DeadRowsAsync());

        // Held until the first try has waited for it and given up.
        var holder = HoldAsync("begin; lock table \"bloated; drop table clean\" in share mode; select pg_sleep(600)");
        await IsTrueAsync("the table is held", "select count(*) > 0 from pg_locks where mode = 'ShareLock' and granted");
        var running = VacuumAsync("lockTimeout=1s");
        await IsTrueAsync("the first try waits", "select count(*) > 0 from pg_locks where not granted");
        await IsTrueAsync("the first try gave up", "select count(*) = 0 from pg_locks where not granted");
        await LetGoAsync(holder);
        var run = await running;

        run.Succeeded();
        Assert.Contains("somebody holds", run.Said);
        Assert.Equal("1", run.Output("inspect.candidates"));
        Assert.Equal("1", run.Output("verify.vacuumed"));
        Assert.Equal("0", run.Output("verify.dead_rows"));
        Assert.Equal("0", await DeadRowsAsync());
        Assert.Equal("5000", await _postgres.SqlAsync("select count(*) from clean"));
    }

    [Fact]
    public async Task Rows_that_an_old_transaction_holds_are_left_and_the_run_says_by_whom()
    {
        var holder = HoldAsync("begin isolation level repeatable read; delete from clean where id = 1; select pg_sleep(600)");
        await IsTrueAsync("a transaction is open", "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and backend_xmin is not null");
        await _postgres.SqlAsync("delete from \"bloated; drop table clean\" where id % 3 = 0");

        var run = await VacuumAsync();

        run.Failed("dead rows are left");
        Assert.Contains("pg_sleep", run.Said);
        await LetGoAsync(holder);
    }

    /// <summary>A session that does this and stays until it is let go; the task fails then, as its connection is ended.</summary>
    Task HoldAsync(string sql) => Assert.ThrowsAsync<InvalidOperationException>(() => _postgres.SqlAsync(sql));

    async Task LetGoAsync(Task holder)
    {
        await _postgres.SqlAsync("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
        await holder;
    }

    Task IsTrueAsync(string what, string sql) => Eventually.TrueAsync(what, TimeSpan.FromSeconds(60), async () => await _postgres.SqlAsync(sql) == "t");

    Task<LocalRun> VacuumAsync(params string[] inputs) =>
        _job.RunAsync(["database=postgres", $"port={_postgres.Port}", "minDeadRows=100", .. inputs]);

    Task<string> DeadRowsAsync() => _postgres.SqlAsync("select n_dead_tup from pg_stat_user_tables where relname like 'bloated%'");
}

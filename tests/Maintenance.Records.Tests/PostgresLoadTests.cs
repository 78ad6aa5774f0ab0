using Npgsql;

namespace Maintenance.Records.Tests;

/// <summary>
/// Postgres is taken away under load in every way that it has. A server of their own, because these tests stop and spoil it. The load tries
/// again what was not acknowledged; afterwards nothing may be lost or there twice, and the chain must be whole.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PostgresLoadTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Five_killed_backends_a_second_for_a_moment() => KilledBackendsAsync(seconds: 2);

    [Fact, Trait("Category", "Long")]
    public Task Five_killed_backends_a_second_for_half_a_minute() => KilledBackendsAsync(seconds: 30);

    [Fact]
    public Task One_restart() => RestartsAsync(1);

    [Fact, Trait("Category", "Long")]
    public Task Five_restarts() => RestartsAsync(5);

    [Fact]
    public Task Twenty_answers_lost_after_their_commit() => LostAnswersAsync(20);

    [Fact, Trait("Category", "Long")]
    public Task Three_hundred_answers_lost_after_their_commit() => LostAnswersAsync(300);

    [Fact]
    public async Task A_server_that_becomes_read_only_and_writable_again()
    {
        await using var store = await OpenAsync();
        var load = new StoreFailureLoad(store, Token);

        await load.WriteDuringAsync(ReadOnlyAsync(load));

        Assert.True(load.Refused > 5, "the server was never read-only");
        await load.AssertWholeAsync();
    }

    [Fact]
    public async Task Somebody_who_holds_the_end_of_the_chain_and_a_pool_that_runs_out()
    {
        await using var store = await OpenAsync(";Maximum Pool Size=2;Timeout=1;Command Timeout=1");
        var load = new StoreFailureLoad(store, Token);

        await load.WriteDuringAsync(HoldHeadAsync(load), writers: 8);

        await load.AssertWholeAsync();
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_full_disk_where_root_may_mount_a_small_one()
    {
        using var disk = SmallDisk.TryMount();
        Assert.SkipUnless(disk is not null, "Only root may mount a small disk.");
        disk.GiveTo("postgres");
        await server.ExecuteAsync($"create tablespace small location '{disk.Folder}'");
        await using (var store = await OpenAsync(";Options=-c default_tablespace=small"))
        {
            var load = new StoreFailureLoad(store, Token);
            await load.WriteDuringAsync(Task.Run(
                async () =>
                {
                    disk.Fill();
                    await Eventually.Of(() => Task.FromResult(load.Refused), refused => refused > 5, TimeSpan.FromSeconds(60));
                    disk.Free();
                },
                Token));

            await load.AssertWholeAsync();
        }

        await server.ExecuteAsync($"drop schema {_schema} cascade");
        await server.ExecuteAsync("drop tablespace small");
    }

    string _schema = "";

    async Task KilledBackendsAsync(int seconds)
    {
        await using var store = await OpenAsync();
        var load = new StoreFailureLoad(store, Token);

        await load.WriteDuringAsync(KillAsync(seconds * 5));

        await load.AssertWholeAsync();
    }

    async Task KillAsync(int kills)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var killed = 0; killed < kills; await beat.WaitForNextTickAsync(Token))
        {
            killed += await server.CountAsync("""
                select count(pg_terminate_backend(pid))
                from (select pid from pg_stat_activity where application_name = 'maintenance' order by random() limit 1) as victim
                """);
        }
    }

    async Task RestartsAsync(int restarts)
    {
        await using var store = await OpenAsync();
        var load = new StoreFailureLoad(store, Token);

        await load.WriteDuringAsync(Task.Run(
            async () =>
            {
                for (var i = 0; i < restarts; i++)
                {
                    var before = load.Refused;
                    await server.StopAsync();
                    await Eventually.Of(() => Task.FromResult(load.Refused), refused => refused > before);
                    await server.StartAsync();
                }
            },
            Token));

        await load.AssertWholeAsync();
    }

    async Task LostAnswersAsync(int answers)
    {
        await using var proxy = new LossyProxy(server.Port);
        await using var store = await OpenAsync($";Port={proxy.Port}");
        var load = new StoreFailureLoad(store, Token);

        await load.WriteDuringAsync(Task.Run(
            async () =>
            {
                while (proxy.LostAnswers < answers)
                {
                    proxy.Arm(1);
                    var lost = proxy.LostAnswers;
                    await Eventually.Of(() => Task.FromResult(proxy.LostAnswers), now => now > lost);
                }
            },
            Token));

        await load.AssertWholeAsync();
    }

    async Task ReadOnlyAsync(StoreFailureLoad load)
    {
        await server.ExecuteAsync("alter system set default_transaction_read_only = on");
        await server.ExecuteAsync("select pg_reload_conf()");
        try
        {
            await Eventually.Of(() => Task.FromResult(load.Refused), refused => refused > 5);
        }
        finally
        {
            await server.ExecuteAsync("alter system reset default_transaction_read_only");
            await server.ExecuteAsync("select pg_reload_conf()");
        }
    }

    /// <summary>Longer than a call waits, so that the calls of all connections end by their limit.</summary>
    async Task HoldHeadAsync(StoreFailureLoad load)
    {
        await using var other = new NpgsqlConnection(_connection + ";Pooling=false");
        await other.OpenAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("select 1 from evidence_head for update", other, transaction);
        await hold.ExecuteNonQueryAsync(Token);
        await Eventually.Of(() => Task.FromResult(load.Refused), refused => refused > 5, TimeSpan.FromSeconds(60));
        await transaction.RollbackAsync(Token);
    }

    string _connection = "";

    async Task<IRunStore> OpenAsync(string more = "")
    {
        var schema = await server.CreateSchemaAsync();
        _schema = new NpgsqlConnectionStringBuilder(schema).SearchPath!;
        _connection = schema;
        var store = RunStores.Open(new NpgsqlConnectionStringBuilder(schema + more).ConnectionString);
        await store.MigrateAsync(Token);
        return store;
    }
}

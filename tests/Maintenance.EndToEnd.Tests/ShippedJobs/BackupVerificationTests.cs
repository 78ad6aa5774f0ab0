using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job backup-verification against a real server, with real dumps.</summary>
public sealed class BackupVerificationTests : IAsyncLifetime
{
    static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(60);

    readonly Installation _installation = new();
    PostgresServer _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        _installation.TakeJob("backup-verification");
        _postgres = await PostgresServer.StartNewAsync();
        await _postgres.SqlAsync("create database orders");
        await _postgres.SqlAsync(
            """
            create table customer (id int primary key, name text not null);
            create table purchase (id int primary key, customer int not null references customer, placed timestamptz not null default now());
            insert into customer select n, 'customer ' || n from generate_series(1, 50) n;
            insert into purchase select n, 1 + n % 50 from generate_series(1, 2000) n;
            """,
            "orders");
        Directory.CreateDirectory(_installation.Path("dumps"));
        await _installation.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_good_dump_is_restored_checked_and_measured_and_the_scratch_database_is_gone()
    {
        await DumpAsync("orders-monday.dump");
        var checks = _installation.Write("checks.sql",
            """
            select 'every purchase has a customer', count(*) = 0 from purchase p left join customer c on c.id = p.customer where c.id is null;
            select 'purchases are recent', max(placed) > now() - interval '1 day', 'newest ' || max(placed) from purchase;
            """);

        var run = await VerifyAsync($"checks={checks}");

        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        var outputs = run.GetProperty("outputs");
        Assert.Equal("2", outputs.GetProperty("check.checks").GetString());
        Assert.Equal("2050", outputs.GetProperty("restore.rows").GetString());
        Assert.Equal("2000", outputs.GetProperty("restore.rows_public_purchase").GetString());
        Assert.True(double.Parse(outputs.GetProperty("restore.restore_seconds").GetString()!) > 0);
        Assert.True(long.Parse(outputs.GetProperty("restore.database_bytes").GetString()!) > 1_000_000);
        Assert.Equal("orders", await DatabasesAsync());
    }

    [Fact]
    public async Task A_corrupted_dump_ends_red_with_the_reason_in_the_last_lines()
    {
        await DumpAsync("orders-monday.dump");
        var dump = _installation.Path("dumps/orders-monday.dump");
        await Programs.BashAsync("sha256sum orders-monday.dump > orders-monday.dump.sha256; truncate -s -200 orders-monday.dump; touch -d '-1 hour' orders-monday.dump", Path.GetDirectoryName(dump)!);

        var run = await VerifyAsync();

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Contains("is damaged", await LastLinesAsync(run));
        Assert.Equal("orders", await DatabasesAsync());
    }

    [Fact]
    public async Task A_dump_that_breaks_off_without_a_checksum_fails_in_the_restore()
    {
        await DumpAsync("orders-monday.dump");
        await Programs.BashAsync("truncate -s -1500 orders-monday.dump; touch -d '-1 hour' orders-monday.dump", _installation.Path("dumps"));

        var run = await VerifyAsync();

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Contains("pg_restore could not restore", await LastLinesAsync(run));
        Assert.Equal("orders", await DatabasesAsync());
    }

    [Fact]
    public async Task A_dump_that_is_too_old_ends_red_with_its_age()
    {
        await DumpAsync("orders-monday.dump");
        await Programs.BashAsync("touch -d '-3 days' orders-monday.dump", _installation.Path("dumps"));

        var run = await VerifyAsync();

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Contains("too old", await LastLinesAsync(run));
        Assert.Contains("allowed are 26 h", await LastLinesAsync(run));
    }

    [Fact]
    public async Task A_failing_check_ends_red_with_its_name()
    {
        await DumpAsync("orders-monday.dump");
        var checks = _installation.Write("checks.sql", "select 'at least 3,000 purchases', count(*) >= 3000, count(*) || ' found' from purchase;");

        var run = await VerifyAsync($"checks={checks}");

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Contains("at least 3,000 purchases (2000 found)", await LastLinesAsync(run));
        Assert.Equal("orders", await DatabasesAsync());
    }

    async Task<JsonElement> VerifyAsync(params string[] inputs)
    {
        string[] all =
        [
            "database=orders", $"directory={_installation.Path("dumps")}", $"host=127.0.0.1", $"port={_postgres.Port}", .. inputs,
        ];
        var started = await _installation.JsonAsync(["trigger", "backup-verification", .. all.SelectMany(input => new[] { "--input", input })]);
        return await _installation.FinishedRunAsync(started.GetProperty("runId").GetString()!, RunLimit);
    }

    Task DumpAsync(string name) => Programs.BashAsync(
        $"pg_dump -h 127.0.0.1 -p {_postgres.Port} -U postgres -Fc -f {name} orders; touch -d '-1 hour' {name}", _installation.Path("dumps"));

    Task<string> DatabasesAsync() =>
        _postgres.SqlAsync("select string_agg(datname, ' ') from pg_database where datname not in ('postgres', 'template0', 'template1')");

    async Task<string> LastLinesAsync(JsonElement run)
    {
        var shown = await _installation.CommandAsync("show", run.GetProperty("runId").GetString()!);
        return string.Join('\n', shown.Output.TrimEnd().Split('\n').TakeLast(6));
    }
}

using Npgsql;

namespace Maintenance.Records.Tests;

/// <summary>What happens to records when Postgres misbehaves. A server of their own, because these tests stop it.</summary>
public sealed class PostgresFailureTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_writes_say_so_and_work_again_when_it_is_back()
    {
        await using var store = await OpenAsync();
        await store.OpenRunAsync(Some.RunningRun("r1"), Token);

        await server.StopAsync();
        var away = await Assert.ThrowsAsync<RunStoreUnavailableException>(() => store.FinishRunAsync(Some.FullRun("r1"), [], Token));
        await server.StartAsync();
        await store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);

        Assert.Contains("does not answer", away.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await store.GetRunAsync("r1", Token))?.Status);
    }

    [Fact]
    public async Task A_restart_between_two_calls_is_not_noticed()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.PingAsync(Token)));

        await server.StopAsync();
        await server.StartAsync();

        await store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        Assert.NotNull(await store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task A_finish_whose_answer_was_lost_doubles_nothing()
    {
        await using var proxy = new LossyProxy(server.Port);
        await using var store = await OpenAsync(proxy.Port);
        await store.OpenRunAsync(Some.RunningRun("r1"), Token);

        proxy.Arm(1);
        await store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);

        Assert.Equal(1, proxy.LostAnswers);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Some.FullRun("r1")),
            System.Text.Json.JsonSerializer.Serialize(await store.GetRunAsync("r1", Token)));
        Assert.Equal(1, (await store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task A_finish_that_never_gets_an_answer_fails_as_unavailable_and_can_be_repeated()
    {
        await using var proxy = new LossyProxy(server.Port);
        await using var store = await OpenAsync(proxy.Port);

        proxy.Arm(100);
        await Assert.ThrowsAsync<RunStoreUnavailableException>(() => store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token));
        proxy.Arm(0);
        await store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);

        Assert.Equal(1, (await store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task A_read_onlyserver_counts_as_away()
    {
        await using var store = await OpenAsync(more: ";Options=-c default_transaction_read_only=on", migrate: false);

        await Assert.ThrowsAsync<RunStoreUnavailableException>(() => store.FinishRunAsync(Some.FullRun("r1"), [], Token));
    }

    [Fact]
    public async Task More_callers_than_connections_wait_for_their_turn()
    {
        await using var store = await OpenAsync(more: ";Maximum Pool Size=2");

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.FinishRunAsync(Some.FullRun($"r{i}"), [], Token)));

        Assert.Equal(100, (await store.ListRunsAsync(new() { Limit = 1000 }, Token)).Runs.Count);
    }

    async Task<IRunStore> OpenAsync(int? port = null, string more = "", bool migrate = true)
    {
        var schema = await server.CreateSchemaAsync();
        if (!migrate)
            await MigrateAsync(schema);
        var settings = new NpgsqlConnectionStringBuilder(schema + more);
        if (port is { } proxied)
            settings.Port = proxied;
        var store = RunStores.Open(settings.ConnectionString);
        if (migrate)
            await store.MigrateAsync(Token);
        return store;
    }

    static async Task MigrateAsync(string connectionString)
    {
        await using var store = RunStores.Open(connectionString);
        await store.MigrateAsync(Token);
    }
}

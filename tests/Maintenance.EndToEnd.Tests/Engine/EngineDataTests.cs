using System.Collections.Concurrent;
using Grpc.Health.V1;
using Maintenance.EndToEnd.Tests.Harness;
using Temporal.Protocol;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>A real engine process loses its life, its disk space or its data.</summary>
public sealed class EngineDataTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public Task What_clients_heard_of_survives_a_kill_under_load() => KilledUnderLoadAsync(kills: 3);

    [Fact, Trait("Category", "Long")]
    public Task What_clients_heard_of_survives_thirty_kills_under_load() => KilledUnderLoadAsync(kills: 30);

    static async Task KilledUnderLoadAsync(int kills)
    {
        using var scratch = new Scratch();
        var acknowledged = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var engine = await EngineProgram.StartAsync(scratch["data"]);
            await using var client = new EngineClient(engine.Address);
            var load = Enumerable.Range(0, 8).Select(caller => LoadAsync(client, $"{kill}-{caller}", acknowledged)).ToArray();
            await Eventually.TrueAsync("every caller has been answered", Limit, () => acknowledged.Keys.Count(id => id.StartsWith($"w-{kill}-", StringComparison.Ordinal)) >= 8);
            await Moment.OfAsync(TimeSpan.FromMilliseconds(Random.Shared.Next(0, 900)));
            await engine.Program.KillAsync();
            await Task.WhenAll(load);
        }

        await using var last = await EngineProgram.StartAsync(scratch["data"]);
        await using var reader = new EngineClient(last.Address);
        Assert.True(acknowledged.Count >= kills * 8, $"only {acknowledged.Count} workflows were started");
        foreach (var (workflow, signals) in acknowledged)
            Assert.Empty(signals.Except(await reader.SignalsAsync(workflow)));
        var check = await CommandAsync(scratch, "check");
        Assert.True(check.ExitCode == 0, $"{check}");
    }

    /// <summary>A workflow with ten signals, and the next one, until the engine is gone.</summary>
    static async Task LoadAsync(EngineClient client, string caller, ConcurrentDictionary<string, ConcurrentBag<string>> acknowledged)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var id = $"w-{caller}-{number}";
                await client.StartWorkflowAsync(id);
                acknowledged[id] = [];
                for (var signal = 0; signal < 10; signal++)
                {
                    await client.SignalAsync(id, $"s-{signal}");
                    acknowledged[id].Add($"s-{signal}");
                }
            }
        }
        catch (RpcFailure failure) when (failure.Status is RpcStatus.Unavailable or RpcStatus.DeadlineExceeded)
        {
            // Killed.
        }
    }

    [Fact]
    public async Task As_root_a_full_file_system_stops_acknowledgements_and_more_space_is_enough_to_go_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root; DiskFailureTests has the same without it");
        using var scratch = new Scratch();
        var disk = Directory.CreateDirectory(scratch["disk"]).FullName;
        await Programs.MustAsync("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk);
        try
        {
            await FillAndGoOnAsync(disk);
        }
        finally
        {
            await Programs.MustAsync("umount", "--lazy", disk);
        }
    }

    static async Task FillAndGoOnAsync(string disk)
    {
        await using var engine = await EngineProgram.StartAsync(disk);
        await using var client = new EngineClient(engine.Address);
        var started = 0;
        var refused = await Assert.ThrowsAsync<RpcFailure>(async () =>
        {
            for (; started < 1_000; started++)
                await client.StartWorkflowAsync($"w-{started}", inputBytes: 100_000);
        });
        Assert.Equal(RpcStatus.Unavailable, refused.Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await client.HealthAsync());
        await engine.Program.SaysAsync("Make space there", Limit);

        await Programs.MustAsync("mount", "-o", "remount,size=64m", disk);

        await Eventually.TrueAsync(
            "the engine serves again", Limit, async () => await client.HealthAsync() == HealthCheckResponse.Types.ServingStatus.Serving, () => engine.Program.Said);
        await client.StartWorkflowAsync("after", inputBytes: 100_000);
        for (var number = 0; number < started; number++)
            Assert.Empty(await client.SignalsAsync($"w-{number}"));
    }

    [Fact]
    public async Task A_backup_of_a_running_engine_replaces_damaged_data()
    {
        using var scratch = new Scratch();
        var backup = scratch["backup.db"];
        await using (var engine = await EngineProgram.StartAsync(scratch["data"]))
        {
            await using var client = new EngineClient(engine.Address);
            await client.StartWorkflowAsync("one");
            await client.SignalAsync("one", "go");
            var backedUp = await CommandAsync(scratch, "backup", backup);
            Assert.True(backedUp.ExitCode == 0 && backedUp.Output.Contains("1 open", StringComparison.Ordinal), $"{backedUp}");
            Assert.Equal(75, (await CommandAsync(scratch, "restore", backup)).ExitCode);
            Assert.Equal(0, await engine.Program.StopAsync());
        }

        await File.WriteAllTextAsync(Path.Combine(scratch["data"], "engine", "engine.db"), "not a database", CancellationToken.None);
        Assert.Equal(1, (await CommandAsync(scratch, "check")).ExitCode);
        var refused = await CommandAsync(scratch, "--listen", "127.0.0.1:0");
        Assert.True(refused.ExitCode == 73 && refused.Errors.Contains("engine restore FILE", StringComparison.Ordinal), $"{refused}");

        var restored = await CommandAsync(scratch, "restore", backup);

        Assert.True(restored.ExitCode == 0 && restored.Errors.Contains("before-restore-", StringComparison.Ordinal), $"{restored}");
        await using var again = await EngineProgram.StartAsync(scratch["data"]);
        await using var reader = new EngineClient(again.Address);
        Assert.Equal(["go"], await reader.SignalsAsync("one"));
    }

    static Task<Ended> CommandAsync(Scratch scratch, params string[] arguments) =>
        Programs.RunAsync("dotnet", [Repository.Program, "engine", .. arguments, "--data", scratch["data"]]);
}

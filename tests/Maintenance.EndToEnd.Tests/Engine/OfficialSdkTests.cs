using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>The official TypeScript SDK against <c>maintenance engine</c>.</summary>
public sealed class OfficialSdkTests
{
    [Fact]
    public async Task The_official_client_and_worker_run_workflows_and_schedules_on_the_engine()
    {
        using var scratch = new Scratch();
        await using var engine = await EngineProgram.StartAsync(scratch["data"]);

        var ended = await Programs.RunAsync(
            "node", [Path.Combine(Repository.Root, "tests/typescript/official-sdk.mjs"), engine.Address], folder: Repository.Root);

        Assert.True(ended.ExitCode == 0 && ended.Output.Contains("all of it holds", StringComparison.Ordinal), $"{ended}\n{engine.Program.Said}");
    }

    [Fact]
    public async Task The_engine_says_when_it_is_ready_and_stops_cleanly_on_SIGTERM()
    {
        using var scratch = new Scratch();
        await using var engine = await EngineProgram.StartAsync(scratch["data"]);

        Assert.Equal(0, await engine.Program.StopAsync());
    }

    [Fact]
    public async Task A_second_engine_on_the_same_data_is_refused()
    {
        using var scratch = new Scratch();
        await using var engine = await EngineProgram.StartAsync(scratch["data"]);

        var second = await Programs.RunAsync("dotnet", [Repository.Program, "engine", "--data", scratch["data"], "--listen", "127.0.0.1:0"]);

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("in use", second.Errors);
    }
}

using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Fleet;

/// <summary>Real agents beside a real runner: each works for its host, is killed, comes back, and is drained.</summary>
public sealed class AgentTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Agents_run_the_steps_of_their_hosts_and_a_killed_one_finds_its_script_again()
    {
        await using var installation = Fleet();
        await installation.StartAsync();
        await using var one = await AgentAsync(installation, "web-1");
        var two = await AgentAsync(installation, "web-2");
        var run = (await installation.JsonAsync("trigger", "fleet")).GetProperty("runId").GetString()!;
        await Eventually.TrueAsync("both hosts have begun", Soon, () => Begun(installation).Length == 2, () => installation.Up!.Said + two.Said);

        await two.KillAsync();
        await using var again = await AgentAsync(installation, "web-2");
        installation.Write("go-on", "");
        var record = await installation.FinishedRunAsync(run, Soon);

        Assert.Equal(["patch succeeded", "patch[web-1] succeeded", "patch[web-2] succeeded"], Steps(record));
        Assert.Equal(["web-1", "web-2"], Begun(installation));
        Assert.Equal("web-2", record.GetProperty("steps")[2].GetProperty("attempts")[0].GetProperty("hostId").GetString());
        Assert.NotEqual("started", record.GetProperty("steps")[2].GetProperty("attempts")[0].GetProperty("recovery").GetString());
    }

    [Fact]
    public async Task The_list_of_hosts_tells_who_answers_and_a_drained_agent_ends_with_its_last_script()
    {
        await using var installation = Fleet();
        await installation.StartAsync();
        await using var one = await AgentAsync(installation, "web-1");

        var hosts = await installation.CommandAsync("hosts", "--json", "--timeout", "3");
        Assert.Equal(1, hosts.ExitCode);
        Assert.Equal(["web-1 True", "web-2 False"], JsonDocument.Parse(hosts.Output).RootElement.EnumerateArray().Select(h => $"{h.GetProperty("name").GetString()} {h.GetProperty("answered").GetBoolean()}"));
        Assert.Equal(0, (await AgentCommandAsync(installation, "web-1", "--health")).ExitCode);

        var run = (await installation.JsonAsync("trigger", "single")).GetProperty("runId").GetString()!;
        await Eventually.TrueAsync("the host has begun", Soon, () => Begun(installation).Length == 1, () => one.Said);
        var drain = AgentCommandAsync(installation, "web-1", "--drain");
        await Eventually.TrueAsync("the agent drains", Soon, async () => (await AgentCommandAsync(installation, "web-1", "--health")).Output.Contains("draining  1 steps run", StringComparison.Ordinal));
        Assert.True(one.Running);
        installation.Write("go-on", "");

        Assert.Equal(0, (await drain).ExitCode);
        await Eventually.TrueAsync("the agent has ended", Soon, () => !one.Running);
        Assert.Equal(0, one.ExitCode);
        Assert.Equal("succeeded", (await installation.FinishedRunAsync(run, Soon)).GetProperty("status").GetString());
        Assert.Equal(1, (await AgentCommandAsync(installation, "web-1", "--health")).ExitCode);
    }

    [Fact, Trait("Category", "Long")]
    public async Task An_agent_that_is_stopped_leaves_its_script_alone_and_the_next_one_reports_it()
    {
        await using var installation = Fleet();
        await installation.StartAsync();
        var one = await AgentAsync(installation, "web-1");
        var run = (await installation.JsonAsync("trigger", "single")).GetProperty("runId").GetString()!;
        await Eventually.TrueAsync("the host has begun", Soon, () => Begun(installation).Length == 1, () => one.Said);

        Assert.Equal(0, await one.StopAsync());
        var health = await AgentCommandAsync(installation, "web-1", "--health");
        Assert.True(health.ExitCode == 1 && health.Output.Contains("stopped", StringComparison.Ordinal), health.ToString());
        await using var again = await AgentAsync(installation, "web-1");
        await Eventually.TrueAsync("the next agent has the script", Soon, async () => (await AgentCommandAsync(installation, "web-1", "--health")).Output.Contains("working  1 steps run", StringComparison.Ordinal));
        installation.Write("go-on", "");

        Assert.Equal("succeeded", (await installation.FinishedRunAsync(run, Soon)).GetProperty("status").GetString());
        Assert.Equal(["web-1"], Begun(installation));
    }

    static Installation Fleet()
    {
        var installation = new Installation();
        installation.Write("jobs/hosts.json", """{ "hosts": { "web-1": { "labels": { "role": "web" } }, "web-2": { "labels": { "role": "web" } } } }""");
        var script = $"#!/bin/sh\necho $HOST >>{installation.Path("begun")}\nuntil [ -e {installation.Path("go-on")} ]; do sleep 0.05; done\n";
        installation.Job("fleet", """{ "steps": [ { "name": "patch", "forEach": { "hosts": { "labels": { "role": "web" } } }, "maxParallel": 2, "run": "patch.sh", "env": { "HOST": "${host.name}" } } ] }""", ("patch.sh", script));
        installation.Job("single", """{ "steps": [ { "name": "patch", "runsOn": "web-1", "run": "patch.sh", "env": { "HOST": "web-1" } } ] }""", ("patch.sh", script));
        return installation;
    }

    static async Task<RunningProgram> AgentAsync(Installation installation, string host)
    {
        var agent = RunningProgram.Start(["agent", "--host", host, "--temporal", $"127.0.0.1:{installation.Port}", "--data", installation.Path($"agents/{host}")], installation.Folder, installation.Environment);
        await agent.SaysAsync($"agent of {host} ready", Soon);
        return agent;
    }

    static Task<Ended> AgentCommandAsync(Installation installation, string host, string flag) => Programs.RunAsync(
        "dotnet", [Repository.Program, "agent", flag, "--data", installation.Path($"agents/{host}")], installation.Environment, folder: installation.Folder);

    static string[] Begun(Installation installation) =>
        File.Exists(installation.Path("begun")) ? [.. File.ReadAllLines(installation.Path("begun")).Order(StringComparer.Ordinal)] : [];

    static IEnumerable<string> Steps(JsonElement record) =>
        record.GetProperty("steps").EnumerateArray().Select(s => $"{s.GetProperty("name").GetString()} {s.GetProperty("status").GetString()}");
}

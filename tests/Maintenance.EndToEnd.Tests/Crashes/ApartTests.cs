using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>Engine and worker as processes of their own; one of them is killed.</summary>
public sealed class ApartTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    readonly Scratch _scratch = new();
    readonly string _address = $"127.0.0.1:{FreePort()}";
    EngineProgram _engine = null!;
    RunningProgram _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _scratch.Write("schedules.json", """{ "schedules": [] }""");
        _scratch.Write("jobs/long/job.json", """{ "steps": [ { "name": "first", "run": "first.sh" }, { "name": "wait", "run": "wait.sh" } ] }""");
        _scratch.Write("jobs/long/first.sh", $"#!/bin/sh\necho first >>{_scratch["ran"]}\n", executable: true);
        _scratch.Write(
            "jobs/long/wait.sh", $"#!/bin/bash\necho wait >>{_scratch["ran"]}\nuntil [ -e {_scratch["go-on"]} ]; do sleep 0.1; done\n", executable: true);
        _engine = await EngineProgram.StartAsync(_scratch["engine-data"], _address);
        _worker = await StartWorkerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _engine.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task The_engine_is_killed_while_a_script_runs()
    {
        var run = await StartRunAsync();

        await _engine.Program.KillAsync();
        _engine = await EngineProgram.StartAsync(_scratch["engine-data"], _address);
        _scratch.Write("go-on", "");

        await SucceedsAsync(run);
    }

    [Fact]
    public async Task The_worker_is_killed_while_a_script_runs()
    {
        var run = await StartRunAsync();

        await _worker.KillAsync();
        _worker = await StartWorkerAsync();
        _scratch.Write("go-on", "");

        await SucceedsAsync(run);
    }

    [Fact]
    public async Task The_engine_is_away_while_the_script_ends()
    {
        var run = await StartRunAsync();

        await _engine.Program.KillAsync();
        _scratch.Write("go-on", "");
        _engine = await EngineProgram.StartAsync(_scratch["engine-data"], _address);

        await SucceedsAsync(run);
    }

    async Task<string> StartRunAsync()
    {
        var started = await CommandAsync("trigger", "long", "--json");
        Assert.True(started.ExitCode == 0, started.ToString());
        await Eventually.TrueAsync("the second step runs", Soon, () => File.Exists(_scratch["ran"]) && File.ReadAllLines(_scratch["ran"]).Length == 2, () => _worker.Said);
        return JsonDocument.Parse(started.Output).RootElement.GetProperty("runId").GetString()!;
    }

    async Task SucceedsAsync(string run)
    {
        await Eventually.TrueAsync(
            "the run is recorded as succeeded", Soon,
            async () => (await CommandAsync("show", run, "--json")) is { ExitCode: 0 } shown
                && JsonDocument.Parse(shown.Output).RootElement.GetProperty("status").GetString() == "succeeded",
            () => _worker.Said);
        Assert.Equal(["first", "wait"], File.ReadAllLines(_scratch["ran"]));
    }

    async Task<RunningProgram> StartWorkerAsync()
    {
        var worker = RunningProgram.Start(["worker", .. Flags], _scratch.Path);
        await worker.SaysAsync("ready", Soon);
        return worker;
    }

    Task<Ended> CommandAsync(params string[] arguments) => Programs.RunAsync("dotnet", [Repository.Program, .. arguments, .. Flags], folder: _scratch.Path);

    IEnumerable<string> Flags => ["--temporal", _address, "--data", _scratch["worker-data"], "--schedules", _scratch["schedules.json"]];

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

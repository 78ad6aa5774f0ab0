using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>One installation of the product in a folder of its own: schedules, jobs, data, and the commands of a person who uses it.</summary>
sealed class Installation : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    readonly Scratch _scratch = new();

    public Installation()
    {
        Port = FreePort();
        Directory.CreateDirectory(Jobs);
        Schedules("");
    }

    public int Port { get; }

    public string Folder => _scratch.Path;

    public string Data => _scratch["data"];

    public string Jobs => _scratch["jobs"];

    public RunningProgram? Up { get; private set; }

    /// <summary>Extra flags for every command, such as <c>--records</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public Dictionary<string, string> Environment { get; } = new() { ["DOTNET_TieredPGO"] = "0", ["HOME"] = System.IO.Path.GetTempPath() };

    /// <summary>How long a command may take; one that runs a job takes as long as that.</summary>
    public TimeSpan? CommandLimit { get; init; }

    /// <summary>Takes a job of the repository's own folder <c>jobs</c>.</summary>
    public void TakeJob(string name)
    {
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "jobs", name)))
        {
            var target = System.IO.Path.Combine(Jobs, name, System.IO.Path.GetFileName(file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }
    }

    /// <summary>Writes a job of a test: its job.json and its scripts by name.</summary>
    public void Job(string name, string definition, params (string Name, string Text)[] scripts)
    {
        _scratch.Write($"jobs/{name}/job.json", definition);
        foreach (var (script, text) in scripts)
            _scratch.Write($"jobs/{name}/{script}", text, executable: true);
    }

    /// <summary>Writes schedules.json with these entries.</summary>
    public void Schedules(string entries) =>
        _scratch.Write("schedules.json", $$"""{ "timeZone": "UTC", "schedules": [ {{entries}} ] }""");

    public string Path(string name) => _scratch[name];

    public string Write(string name, string text) => _scratch.Write(name, text);

    /// <summary>Starts <c>up</c> and returns when it is ready.</summary>
    public async Task<RunningProgram> StartAsync()
    {
        Up = RunningProgram.Start(["up", .. CommonFlags, "--listen", $"127.0.0.1:{Port}"], Folder, Environment);
        try
        {
            await Up.SaysAsync("ready", StartLimit);
        }
        catch
        {
            // A test that fails in its beginning is not asked to end what it began.
            await Up.DisposeAsync();
            throw;
        }

        return Up;
    }

    /// <summary>Stops <c>up</c> as a service manager does.</summary>
    public async Task StopAsync()
    {
        await Up!.StopAsync();
        await Up.DisposeAsync();
        Up = null;
    }

    /// <summary>Runs a command of the product.</summary>
    public Task<Ended> CommandAsync(params string[] arguments) =>
        Programs.RunAsync("dotnet", [Repository.Program, .. arguments, .. CommonFlags], Environment, folder: Folder, limit: CommandLimit);

    /// <summary>Runs a command that must succeed, and reads its JSON.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var ended = await CommandAsync([.. arguments, "--json"]);
        Assert.True(ended.ExitCode == 0, $"maintenance {string.Join(' ', arguments)}: {ended}\n{Up?.Said}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    /// <summary>The record of a finished run, waited for.</summary>
    public async Task<JsonElement> FinishedRunAsync(string run, TimeSpan limit)
    {
        var found = await Eventually.GetAsync(
            $"run {run} is recorded as finished", limit,
            async () =>
            {
                var ended = await CommandAsync("show", run, "--json");
                if (ended.ExitCode != 0)
                    return null;
                var record = JsonDocument.Parse(ended.Output);
                return record.RootElement.GetProperty("status").GetString() == "running" ? null : record;
            },
            () => Up?.Said ?? "");
        return found.RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        if (Up is not null)
            await Up.DisposeAsync();
        _scratch.Dispose();
    }

    IEnumerable<string> CommonFlags => ["--data", Data, "--schedules", _scratch["schedules.json"], .. Flags];

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>Engine and worker as processes of their own, each of which can be killed, suspended and started again.</summary>
public class ApartInstallation : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    readonly Scratch _scratch = new();
    readonly string _address = $"127.0.0.1:{FreePort()}";

    internal EngineProgram Engine { get; private set; } = null!;

    readonly RunningProgram[] _workers;

    public ApartInstallation()
        : this(1)
    {
    }

    /// <param name="workers">Each with a state folder, and so a host, of its own.</param>
    protected ApartInstallation(int workers) => _workers = new RunningProgram[workers];

    internal int Workers => _workers.Length;

    internal RunningProgram Worker => _workers[0];

    /// <summary>The database of the records, if it is a server.</summary>
    internal virtual PostgresServer? Postgres => null;

    internal string Address => _address;

    /// <summary>What all of them have said.</summary>
    internal string Said => string.Join('\n', _workers.Select((worker, n) => $"--- worker {n}\n{worker.Said}"));

    /// <summary>The attempts that the first worker's host knows.</summary>
    public string AttemptsFolder => AttemptsOf(0);

    /// <summary>Further flags of all workers and commands.</summary>
    protected IReadOnlyList<string> MoreFlags { get; set; } = [];

    public virtual async ValueTask InitializeAsync()
    {
        _scratch.Write("schedules.json", """{ "schedules": [] }""");
        WatchedJob.Write(_scratch);
        await StartEngineAsync();
        for (var number = 0; number < Workers; number++)
            await StartWorkerAsync(number: number);
    }

    /// <summary>Each worker has begun an attempt.</summary>
    internal bool AllHaveTakenOne =>
        Enumerable.Range(0, Workers).Select(AttemptsOf).All(folder => Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any());

    internal RunningProgram WorkerAt(int number) => _workers[number];

    public string Path(string name) => _scratch[name];

    internal async Task StartEngineAsync() => Engine = await EngineProgram.StartAsync(_scratch["engine-data"], _address);

    /// <param name="program">Another build than the one under test.</param>
    /// <param name="number">Of the worker.</param>
    internal async Task StartWorkerAsync(string? program = null, int number = 0)
    {
        _workers[number] = RunningProgram.Start(["worker", .. FlagsOf(number)], _scratch.Path, program: program);
        await _workers[number].SaysAsync("ready", Soon);
    }

    internal Task<Ended> CommandAsync(params string[] arguments) =>
        Programs.RunAsync("dotnet", [Repository.Program, .. arguments, .. FlagsOf(0)], folder: _scratch.Path);

    /// <summary>Starts a watched run and returns when its script runs.</summary>
    internal async Task<WatchedJob> BegunAsync(string name, string job = WatchedJob.Asking)
    {
        var run = await StartAsync(name, job);
        await Eventually.TrueAsync("the script runs", Soon, () => run.Log.Contains("begin 1"), () => Worker.Said);
        return run;
    }

    internal async Task<WatchedJob> StartAsync(string name, string job)
    {
        var started = await CommandAsync("trigger", job, "--input", $"name={name}", "--json");
        Assert.True(started.ExitCode == 0, started.ToString());
        return new(JsonDocument.Parse(started.Output).RootElement.GetProperty("runId").GetString()!, _scratch[name]);
    }

    /// <summary>The record of the run once it is finished.</summary>
    internal async Task<JsonElement> FinishedAsync(WatchedJob run) =>
        (await Eventually.GetAsync(
            $"{run.Folder} is recorded as finished", Soon,
            async () => await CommandAsync("show", run.Id, "--json") is { ExitCode: 0 } shown
                && JsonDocument.Parse(shown.Output) is var record && record.RootElement.GetProperty("status").GetString() != "running" ? record : null,
            () => $"{string.Join('\n', run.Log)}\n{Worker.Said}")).RootElement;

    /// <summary>Returns when the run asks a person, with the question.</summary>
    internal async Task<string> QuestionAsync(WatchedJob run) =>
        await Eventually.GetAsync("the run asks a person", Soon, () => OpenQuestionAsync(run), () => Worker.Said);

    internal async Task<string?> OpenQuestionAsync(WatchedJob run) =>
        await CommandAsync("status", run.Id, "--json") is { ExitCode: 0 } status
        && JsonDocument.Parse(status.Output).RootElement.TryGetProperty("waitingFor", out var wait) && wait.ValueKind == JsonValueKind.Object
        && wait.GetProperty("kind").GetString() == "approval"
            ? wait.GetProperty("message").GetString()
            : null;

    /// <summary>The process id of the supervisor beside a run's attempt; null while it has none.</summary>
    internal int? SupervisorOf(WatchedJob run, int attempt = 1)
    {
        var file = Enumerable.Range(0, Workers).Select(n => System.IO.Path.Combine(AttemptsOf(n), $"{run.Id}.work.{attempt}", "supervisor")).FirstOrDefault(File.Exists);
        return file is not null && File.ReadAllText(file).Split(' ') is [var pid, _, ..] ? int.Parse(pid) : null;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Engine.DisposeAsync();
        foreach (var file in Enumerable.Range(0, Workers).Select(AttemptsOf).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "supervisor", SearchOption.AllDirectories)))
            // The scripts of a failed test end with it: the number is a process group of ours, or nobody's.
            await Programs.RunAsync("kill", ["-9", "--", $"-{File.ReadAllText(file).Split(' ')[0]}"]);
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    string DataOf(int worker) => _scratch[worker == 0 ? "worker-data" : $"worker-data-{worker}"];

    string AttemptsOf(int worker) => System.IO.Path.Combine(DataOf(worker), "attempts");

    IEnumerable<string> FlagsOf(int worker) =>
        ["--temporal", _address, "--data", DataOf(worker), "--schedules", _scratch["schedules.json"], .. MoreFlags];

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

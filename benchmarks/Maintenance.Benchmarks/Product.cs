using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Benchmarks;

/// <summary>The published program, started on a data folder of its own with the jobs that are measured.</summary>
sealed class Product : IAsyncDisposable
{
    readonly Process _process;

    Product(string folder, Process process, TimeSpan readyAfter, TemporalClient client, IRunStore store)
    {
        (Folder, _process, ReadyAfter, Client, Store) = (folder, process, readyAfter, client, store);
    }

    public string Folder { get; }

    public int Pid => _process.Id;

    public TimeSpan ReadyAfter { get; }

    public TemporalClient Client { get; }

    public IRunStore Store { get; }

    public static async Task<Product> StartAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("maintenance-bench-").FullName;
        WriteJobs(folder);
        var address = $"127.0.0.1:{FreePort()}";
        var data = Path.Combine(folder, "data");

        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [program, "up", "--data", data, "--schedules", Path.Combine(folder, "schedules.json"), "--listen", address])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        })!;
        var ready = new TaskCompletionSource();
        DataReceivedEventHandler look = (_, line) =>
        {
            if (line.Data?.Contains("ready", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        process.OutputDataReceived += look;
        process.ErrorDataReceived += look;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var readyAfter = Stopwatch.GetElapsedTime(started);

        var client = await TemporalClient.ConnectAsync(new(address));
        return new(folder, process, readyAfter, client, RunStores.Open(Path.Combine(data, "records.db")));
    }

    /// <summary>When the scripts of a job began, in milliseconds since 1970, as they wrote it themselves.</summary>
    public IReadOnlyList<double> Starts(string job)
    {
        var file = Path.Combine(Folder, $"{job}.probe");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(line => double.Parse(line) / 1_000)] : [];
    }

    public void ClearStarts(string job) => File.Delete(Path.Combine(Folder, $"{job}.probe"));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    static void WriteJobs(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "schedules.json"), """{ "schedules": [] }""");
        Job(folder, "probe", 1);
        Job(folder, "steps3", 3);
        Job(folder, "burst", 1);
        Job(folder, "late", 1);
    }

    static void Job(string folder, string name, int steps)
    {
        var directory = Directory.CreateDirectory(Path.Combine(folder, "jobs", name)).FullName;
        var list = string.Join(", ", Enumerable.Range(1, steps).Select(n => $$"""{ "name": "step-{{n}}", "run": "probe.sh" }"""));
        File.WriteAllText(Path.Combine(directory, "job.json"), $$"""{ "steps": [ {{list}} ] }""");
        var script = Path.Combine(directory, "probe.sh");
        // Its first act is to write its own start time: bash knows it without another process.
        File.WriteAllText(script, $"#!/bin/bash\necho ${{EPOCHREALTIME/./}} >>{folder}/{name}.probe\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

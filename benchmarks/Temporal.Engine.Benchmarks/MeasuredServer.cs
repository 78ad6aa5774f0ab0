using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Maintenance.Benchmarks;
using Temporalio.Client;

namespace Temporal.Engine.Benchmarks;

/// <summary>The server that is measured: an engine of our own in a process of its own, or whatever answers at an address.</summary>
sealed class MeasuredServer : IAsyncDisposable
{
    readonly string? _program;
    Process? _process;

    MeasuredServer(string address, string folder, string? program) => (Address, Folder, _program) = (address, folder, program);

    public string Address { get; }

    public string Folder { get; }

    public bool IsOurs => _program is not null;

    public int Pid => _process!.Id;

    public string Database => Path.Combine(Folder, "data", "engine", "engine.db");

    /// <summary>How many commits the engine has made in its life: it keeps the number beside its data.</summary>
    public long Commits => BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(Path.Combine(Folder, "data", "engine", "engine.mark")));

    public double ProcessorMs => IsOurs ? ProcessUse.OwnProcessorMs(Pid) : double.NaN;

    public static async Task<MeasuredServer> StartAsync(string? address, string? program)
    {
        var folder = Directory.CreateTempSubdirectory("engine-bench-").FullName;
        var server = new MeasuredServer(address ?? $"127.0.0.1:{FreePort()}", folder, address is null ? program : null);
        if (server.IsOurs)
            await server.StartProcessAsync();
        return server;
    }

    /// <summary>How long it took until it answered.</summary>
    public async Task<TimeSpan> StartProcessAsync()
    {
        var started = Stopwatch.GetTimestamp();
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [_program!, "engine", "--data", Path.Combine(Folder, "data"), "--listen", Address])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder,
        })!;
        var ready = new TaskCompletionSource();
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("ready", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public Task<TemporalClient> ConnectAsync() => TemporalClient.ConnectAsync(new(Address));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

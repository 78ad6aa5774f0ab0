using System.Diagnostics;
using System.Text;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A <c>maintenance</c> process that goes on running: up, engine or worker.</summary>
sealed class RunningProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _said = new();
    readonly Lock _lock = new();

    RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool Running => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Both streams, in the order in which they came.</summary>
    public string Said
    {
        get
        {
            lock (_lock)
                return _said.ToString();
        }
    }

    /// <param name="arguments">The verb and its flags.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="environment">In addition to that of the tests.</param>
    /// <param name="program">Another build than the one under test.</param>
    public static RunningProgram Start(
        IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var start = new ProcessStartInfo("dotnet", [program ?? Repository.Program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    public Task SaysAsync(string text, TimeSpan limit) =>
        Eventually.TrueAsync(
            $"the program says '{text}'", limit,
            () => Said.Contains(text, StringComparison.Ordinal) ? true
                : Running ? false : throw new InvalidOperationException($"the program ended with {ExitCode}:\n{Said}"),
            () => Said);

    /// <summary>STOP and CONT suspend it, as a machine that sleeps does with all that is on it.</summary>
    public Task SignalAsync(string signal) => Programs.MustAsync("kill", $"-{signal}", $"{Pid}");

    /// <summary>kill -9: nothing of the process gets a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        await Programs.RunAsync("kill", ["-9", $"{Pid}"]);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    public async Task<int> StopAsync()
    {
        await Programs.RunAsync("kill", ["-TERM", $"{Pid}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Running)
            await KillAsync();
        _process.Dispose();
    }

    void Note(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
            _said.AppendLine(line);
    }
}

using System.Diagnostics;
using System.Text;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>What a program said and how it ended.</summary>
sealed record Ended(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Errors}";
}

/// <summary>Runs real programs and waits for them.</summary>
static class Programs
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<Ended> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? folder = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();

        using var end = new CancellationTokenSource(limit ?? Limit);
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {limit ?? Limit}:\n{await output}\n{await errors}");
        }

        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a program that must succeed, and returns what it printed.</summary>
    public static async Task<string> MustAsync(string program, params string[] arguments)
    {
        var ended = await RunAsync(program, arguments);
        Assert.True(ended.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {ended}");
        return ended.Output;
    }

    /// <summary>Runs a script of a test's set-up with bash; it must succeed.</summary>
    public static async Task<string> BashAsync(string script, string folder)
    {
        var ended = await RunAsync("bash", ["-euo", "pipefail", "-c", script], folder: folder);
        Assert.True(ended.ExitCode == 0, $"{script}\n{ended}");
        return ended.Output;
    }
}

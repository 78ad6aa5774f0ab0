using System.Text.RegularExpressions;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A running <c>maintenance engine</c> on a free port.</summary>
sealed partial class EngineProgram : IAsyncDisposable
{
    EngineProgram(RunningProgram program, string address) => (Program, Address) = (program, address);

    public RunningProgram Program { get; }

    public string Address { get; }

    public static async Task<EngineProgram> StartAsync(string data, string listen = "127.0.0.1:0")
    {
        var program = RunningProgram.Start(["engine", "--data", data, "--listen", listen], Path.GetTempPath());
        await program.SaysAsync("engine ready on ", TimeSpan.FromSeconds(60));
        return new(program, ReadyLine().Match(program.Said).Groups[1].Value);
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    [GeneratedRegex(@"engine ready on (\S+)")]
    private static partial Regex ReadyLine();
}

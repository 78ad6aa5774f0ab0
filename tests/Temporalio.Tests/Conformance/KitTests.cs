using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Temporal.Engine;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// The conformance kit with this SDK's worker in place of the TypeScript one: every scenario's workflows run here, on the embedded engine,
/// and their histories and everything a client sees must be those that were recorded on a real server.
/// </summary>
public sealed class KitTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [Trait("Category", "Long")]
    public async Task The_kit_sees_what_was_recorded(int cacheSize) => await RunAsync(cacheSize, "*");

    static async Task RunAsync(int cacheSize, params string[] scenarios)
    {
        var folder = Directory.CreateTempSubdirectory("kit-tests-").FullName;
        await using var engine = await TemporalEngine.StartAsync(new() { DataDirectory = folder, RegisterInProcess = false }, CancellationToken.None);
        await using var workers = new KitWorkerHost(engine.Address, cacheSize);
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = KitFolder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["run", "--address", engine.Address, "--worker-host", workers.Address, "--json", "--out", folder, "--patience", "3"])
            start.ArgumentList.Add(argument);
        foreach (var scenario in scenarios)
        {
            start.ArgumentList.Add("--only");
            start.ArgumentList.Add(scenario);
        }

        using var kit = Process.Start(start)!;
        var complaints = kit.StandardError.ReadToEndAsync();
        var report = await kit.StandardOutput.ReadToEndAsync();
        await kit.WaitForExitAsync();
        var results = report.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!).ToList();
        await File.WriteAllTextAsync($"/tmp/worker/kit-{cacheSize}.txt", report);

        Assert.True(results.Count > 0, await complaints);
        var wrong = results.Select(result => (result.Scenario, Differences: result.Differences.Where(text => !KitDeviations.Explains(result.Scenario, text)).ToList()))
            .Where(result => result.Differences.Count > 0)
            .Select(result => $"{result.Scenario}:\n  {string.Join("\n  ", result.Differences)}");
        Assert.Equal("", string.Join("\n", wrong));
    }

    static string KitFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Maintenance.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "tests", "conformance");
    }

    sealed record Result(string Scenario, string Outcome, string[] Differences);
}

/// <summary>Differences between a recording with the TypeScript SDK and the same with this one that are meant to be.</summary>
static class KitDeviations
{
    public static bool Explains(string scenario, string difference) => false;
}

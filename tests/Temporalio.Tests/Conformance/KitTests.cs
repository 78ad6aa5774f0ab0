using System.Diagnostics;
using System.Text.Json;
using Temporal.Engine;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// The conformance kit with this SDK's worker in place of the TypeScript one: every scenario's workflows run here, on the embedded engine,
/// and their histories and everything a client sees must be those that were recorded on a real server, whatever the size of the cache.
/// </summary>
public sealed class KitTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [Trait("Category", "Long")]
    public async Task Every_scenario_sees_what_was_recorded(int cacheSize) => await RunAsync(cacheSize, atLeast: 200, "*");

    // One of each kind that no other test in this assembly has, and that is over in a moment.
    [Fact]
    public async Task Messages_children_and_endings_are_those_that_were_recorded() => await RunAsync(
        cacheSize: 1,
        atLeast: 12,
        "updates.rejected", "updates.withActivity", "updates.inFirstTask", "signals.dynamic", "signals.toMissing", "queries.answers",
        "children.options", "children.continuesAsNew", "ending.continueAsNew", "ending.resultTooLarge", "starting.selfPortrait",
        "versions.patchIntroduced");

    static async Task RunAsync(int cacheSize, int atLeast, params string[] scenarios)
    {
        var folder = Directory.CreateTempSubdirectory("kit-tests-").FullName;
        try
        {
            await using var engine = await TemporalEngine.StartAsync(
                new() { DataDirectory = Path.Combine(folder, "engine"), RegisterInProcess = false }, CancellationToken.None);
            await using var workers = new KitWorkerHost(engine.Address, cacheSize);
            var results = await RunKitAsync(engine.Address, workers.Address, Path.Combine(folder, "out"), scenarios);

            Assert.True(results.Count >= atLeast, $"only {results.Count} scenarios ran");
            var wrong = from result in results
                        let differences = result.Differences.Where(text => !KitDeviations.Explain(result.Scenario, text, cacheSize)).ToList()
                        where differences.Count > 0
                        select $"{result.Scenario}:\n  {string.Join("\n  ", differences)}";
            var text = string.Join("\n", wrong);
            Assert.True(text.Length == 0, text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<List<Result>> RunKitAsync(string server, string workers, string output, string[] scenarios)
    {
        string[] arguments =
        [
            "run", "--address", server, "--worker-host", workers, "--json", "--out", output, "--patience", "3",
            .. scenarios.SelectMany(name => (string[])["--only", name]),
        ];
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Repository.PathOf("tests", "conformance"), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var kit = Process.Start(start)!;
        var complaints = kit.StandardError.ReadToEndAsync();
        var report = await kit.StandardOutput.ReadToEndAsync();
        await kit.WaitForExitAsync();
        var lines = report.Split('\n').Where(line => line.StartsWith('{')).ToList();
        Assert.True(lines.Count > 0, $"the kit did not run; tests/install installs what it needs: {await complaints}");
        return lines.ConvertAll(line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!);
    }

    sealed record Result(string Scenario, string Outcome, string[] Differences);
}

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
    // The kit's README says to look twice at a difference. In children.cancelTry parent and child sleep equally long, and the parent
    // ends first only because its sleep began a workflow task earlier: where its last task is a replay, the child's end can come before.
    const int LookAgainAt = 3;

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
            var wrong = Unexplained(results, cacheSize);
            if (wrong.Count is > 0 and <= LookAgainAt)
                wrong = Unexplained(await RunKitAsync(engine.Address, workers.Address, Path.Combine(folder, "again"), [.. wrong.Keys]), cacheSize);
            Assert.True(wrong.Count == 0, string.Join("\n", wrong.Values));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Dictionary<string, string> Unexplained(List<Result> results, int cacheSize)
    {
        var wrong = from result in results
                    let differences = result.Differences.Where(text => !KitDeviations.Explain(result.Scenario, text, cacheSize)).ToList()
                    where differences.Count > 0
                    select (result.Scenario, Text: $"{result.Scenario}:\n  {string.Join("\n  ", differences)}");
        return wrong.ToDictionary(one => one.Scenario, one => one.Text);
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

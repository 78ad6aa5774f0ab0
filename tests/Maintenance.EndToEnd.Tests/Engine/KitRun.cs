using System.Text.RegularExpressions;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>What one run of a conformance kit against a server said: the names of its cases by outcome, and all of its output.</summary>
sealed partial record KitRun(IReadOnlySet<string> Passed, IReadOnlySet<string> Failed, Ended Ended)
{
    /// <param name="folder">The kit's folder below tests/conformance; empty for the workflow kit.</param>
    public static async Task<KitRun> Async(string folder, TimeSpan limit, params string[] arguments)
    {
        var kit = Path.Combine(Repository.Root, "tests", "conformance", folder);
        var ended = await Programs.RunAsync(Path.Combine(kit, "run"), arguments, folder: kit, limit: limit);
        return new(Names(ended.Output, "PASS"), Names(ended.Output, "FAIL"), ended);
    }

    /// <summary>Fails unless exactly the listed cases failed: one that is listed and passes is a list that is out of date.</summary>
    public void AssertExactlyFailed(IReadOnlyList<string> listed)
    {
        Assert.True(Passed.Count > 0, $"the kit ran no case: {Ended}");
        var unexpected = Failed.Where(name => !listed.Any(pattern => RecordedDeviations.Names(pattern, name))).Order().ToList();
        var outdated = Passed.Where(name => listed.Any(pattern => RecordedDeviations.Names(pattern, name))).Order().ToList();
        Assert.True(
            unexpected.Count == 0 && outdated.Count == 0,
            $"failed, and not in docs/temporal-compatibility.md: {string.Join(", ", unexpected)}\n" +
            $"listed there, and passed: {string.Join(", ", outdated)}\n{Ended.Output}\n{Ended.Errors}");
    }

    /// <summary>The same run with the outcome of these cases taken from another one.</summary>
    public KitRun With(KitRun again) => new(
        Passed.Concat(again.Passed).ToHashSet(), Failed.Except(again.Passed).ToHashSet(),
        Ended with { Output = $"{Ended.Output}\n--- again\n{again.Ended.Output}" });

    static HashSet<string> Names(string output, string outcome) =>
        [.. Line().Matches(output).Where(line => line.Groups["outcome"].Value.Equals(outcome, StringComparison.OrdinalIgnoreCase)).Select(line => line.Groups["name"].Value)];

    // "pass  group/a name", "PASS group.name (1.2 s)", "PASS group/name"
    [GeneratedRegex(@"^(?<outcome>pass|PASS|FAIL) +(?<name>.+?)(?: \(\d+\.\d s\))?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}

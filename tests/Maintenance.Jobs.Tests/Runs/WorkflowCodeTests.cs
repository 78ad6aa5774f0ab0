using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>
/// Workflow code runs on the workflow's own scheduler and says the same on every replay. These calls leave the one or break the other, and show it only
/// now and then: under load, or in a replay weeks later.
/// </summary>
public sealed partial class WorkflowCodeTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Source(), "*.workflow.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Source(), file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_code_calls_nothing_that_leaves_its_scheduler_or_differs_on_replay(string file)
    {
        var lines = File.ReadLines(Path.Combine(Source(), file)).Select((text, index) => (Text: Comment().Replace(text, ""), Line: index + 1));

        Assert.Empty(lines.Where(line => Forbidden().IsMatch(line.Text)).Select(line => $"{file}:{line.Line}: {line.Text.Trim()}"));
    }

    [Theory]
    [InlineData("await source.CancelAsync();")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    [InlineData("await Task.Run(() => 1);")]
    public void Such_a_call_is_found(string line) => Assert.Matches(Forbidden(), line);

    [GeneratedRegex(
        @"\.CancelAsync\(\)|\.CancelAfter\(|\bTask\.(Run|Delay|WhenAny|WhenAll|Factory)\b|ConfigureAwait\(false\)|\bDateTime(Offset)?\.(Utc)?Now\b|\bGuid\.(NewGuid|CreateVersion7)\b"
        + @"|\bRandom\.Shared\b|\bnew Random\(|\bStopwatch\b|\bThread\b|\bTimeProvider\b|\bEnvironment\.|\bFile\.|new CancellationTokenSource\(\w")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();

    static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "Maintenance.Jobs"));
}

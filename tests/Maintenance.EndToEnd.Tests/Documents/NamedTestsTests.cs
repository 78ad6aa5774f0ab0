using System.Text.RegularExpressions;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Documents;

/// <summary>docs/attempts.md names the test that shows each of its rows; a test that was renamed would leave the page with a promise.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void Every_test_that_the_page_about_attempts_names_is_there()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "attempts.md"));
        var sources = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests"), "Maintenance.*")
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

        var named = TestName().Matches(page);

        Assert.True(named.Count > 15);
        Assert.Equal([], named.Where(name => !sources[name.Groups[1].Value].Any(text => text.Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal))).Select(name => name.Value));
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}

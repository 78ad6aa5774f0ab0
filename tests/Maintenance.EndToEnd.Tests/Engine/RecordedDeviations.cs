using System.Text.RegularExpressions;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>
/// The recorded cases that the engine does not meet on purpose, read from the table that tells people about them: what
/// docs/temporal-compatibility.md says and what the tests expect cannot drift apart.
/// </summary>
static partial class RecordedDeviations
{
    const string Heading = "## Recorded cases that are not met";

    /// <summary>Names of cases of one kit; a name may end in <c>*</c>.</summary>
    public static IReadOnlyList<string> Of(string kit)
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "temporal-compatibility.md"));
        var section = document[document.IndexOf(Heading, StringComparison.Ordinal)..];
        return [.. Row().Matches(section).Where(row => row.Groups["kit"].Value == kit).Select(row => row.Groups["case"].Value)];
    }

    public static bool Names(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    [GeneratedRegex(@"^\| (?<kit>\w+) \| `(?<case>[^`]+)` \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

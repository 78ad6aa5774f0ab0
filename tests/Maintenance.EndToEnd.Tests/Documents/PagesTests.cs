using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Documents;

/// <summary>The commands of the pages' examples are run in the order in which they stand, with the files that the pages say to write.</summary>
public sealed class PagesTests
{
    /// <summary>Its commands need a container engine, a service manager and a Temporal server; DeploymentTests reads what can be read.</summary>
    const string NeedsAnotherMachine = "docs/operate/install.md";

    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"))
            .Where(file => DocumentedAction.Read(File.ReadAllText(file)).Any(action => action is DocumentedAction.Command))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Where(page => page != NeedsAnotherMachine).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_the_page_says_works(string page)
    {
        await using var reader = new PageReader();

        await reader.FollowAsync(page);
    }
}

namespace Maintenance.Host.Tests.Documents;

/// <summary>The pages of this checkout that people read.</summary>
static class Documents
{
    static string Root { get; } = FindRoot();

    public static string PathOf(string page) => Path.Combine(Root, page);

    /// <summary>Relative to the checkout: the pages beside the solution and all below <c>docs</c>.</summary>
    public static IEnumerable<string> Pages() =>
        Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Root, "jobs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maintenance.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside a checkout");
        return folder;
    }
}

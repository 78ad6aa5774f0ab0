namespace Temporal.Engine.Tests;

/// <summary>Where the tests find the files of this repository.</summary>
static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    static string Find(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "Maintenance.sln")))
                return candidate.FullName;
        }

        throw new InvalidOperationException($"No Maintenance.sln above {folder}; run the tests from a checkout.");
    }
}

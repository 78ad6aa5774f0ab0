namespace Temporalio.Tests;

/// <summary>Files of this repository that no build copies.</summary>
static class Repository
{
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Maintenance.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No Maintenance.sln above {AppContext.BaseDirectory}.");
        return Path.Combine([folder.FullName, .. parts]);
    }
}

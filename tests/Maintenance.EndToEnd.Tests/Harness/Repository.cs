using System.Reflection;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>Where things are in this checkout.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program under test, built with the same configuration as the tests.</summary>
    public static string Program { get; } = Path.Combine(
        Root, "artifacts", "bin", "Maintenance.Host", Path.GetFileName(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!), "maintenance.dll");

    public static bool Full { get; } = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_FULL") == "true";

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maintenance.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside a checkout");
        return folder;
    }
}

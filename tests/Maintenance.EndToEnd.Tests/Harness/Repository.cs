using System.Diagnostics;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>Where things are in this checkout.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program under test: the one that <c>./maintenance</c> runs, built again if a source is newer.</summary>
    public static string Program { get; } = Build();

    public static bool Full { get; } = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_FULL") == "true";

    static string Build()
    {
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Root, "maintenance"), ["version"]) { RedirectStandardOutput = true })!;
        var said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(Root, "artifacts", "publish", "maintenance", "maintenance.dll")
            : throw new InvalidOperationException($"`./maintenance version` ended with {build.ExitCode}: {said}");
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maintenance.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside a checkout");
        return folder;
    }
}

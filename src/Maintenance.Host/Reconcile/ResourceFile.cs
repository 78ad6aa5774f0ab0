using Maintenance.Host.Runtime;
using Maintenance.Jobs.Resources;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary><c>resources.json</c>, which may lie beside the schedules.</summary>
static class ResourceFile
{
    const string Name = "resources.json";
    const int LengthMax = 10_000_000;

    /// <param name="jobs">The jobs that there are.</param>
    public static ReadResult<IReadOnlyList<ResourceDefinition>> Read(DiskTexts texts, string schedulesFile, IReadOnlyList<string> jobs)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(schedulesFile))!, Name);
        if (texts.Read(path, LengthMax, out var problem) is { } text)
            return ResourceReader.Read(text, path, jobs);
        if (!File.Exists(path))
            return new([], []);
        var problems = new ProblemList(path, ResourceReader.CodePrefix);
        problems.Add(
            new Position(1, 1), ScheduleCodes.CannotRead, "", $"The file cannot be read: {problem}",
            "Let this user read it, or divide it.");
        return problems.Result<IReadOnlyList<ResourceDefinition>>(null);
    }
}

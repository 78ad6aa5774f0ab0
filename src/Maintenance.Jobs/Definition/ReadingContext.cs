using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Locks;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>What the readers of one job.json share.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Files">Texts of the job's folder by name.</param>
/// <param name="Connections">Names of databases to the places of their connection strings.</param>
sealed record ReadingContext(
    string Job, ProblemList Problems, IReadOnlyDictionary<string, string> Files, KnownReferences Known,
    IReadOnlyDictionary<string, string> Connections)
{
    /// <summary>The locks of the whole run, which its steps' locks must sort behind.</summary>
    public IReadOnlyList<LockDefinition> JobLocks { get; init; } = [];

    /// <summary>Those whom approvals may name; null where they are not at hand (a bundle) or have problems of their own.</summary>
    public People? People { get; init; }
}

namespace Temporalio.Extensions.Hosting;

/// <summary>Which of a program's workers.</summary>
/// <param name="TaskQueue">Its task queue.</param>
/// <param name="Version">Its version; null: not versioned.</param>
/// <param name="VersionIsBuildId">Whether the version is a bare build id, of the old versioning.</param>
public record TemporalWorkerServiceIdentifier(string TaskQueue, string? Version, bool VersionIsBuildId);

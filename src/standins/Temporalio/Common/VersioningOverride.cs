namespace Temporalio.Common;

/// <summary>Overrides the versioning behavior of one workflow from outside.</summary>
public abstract record VersioningOverride
{
    private VersioningOverride()
    {
    }

    /// <summary>How a pinned override behaves.</summary>
    public enum PinnedOverrideBehavior
    {
        Unspecified = 0,
        Pinned = 1,
    }

    /// <summary>Runs on exactly this version.</summary>
    public sealed record Pinned(
        WorkerDeploymentVersion Version,
        PinnedOverrideBehavior Behavior = PinnedOverrideBehavior.Pinned) : VersioningOverride;

    /// <summary>Moves to the current version.</summary>
    public sealed record AutoUpgrade : VersioningOverride;
}

namespace Temporalio.Common;

/// <summary>Overrides the versioning behavior of one workflow from outside.</summary>
public abstract record VersioningOverride
{
    private VersioningOverride()
    {
    }

    internal Api.Workflow.V1.VersioningOverride ToProto() => this switch
    {
        Pinned pinned => new()
        {
            Pinned = new()
            {
                Version = new() { DeploymentName = pinned.Version.DeploymentName, BuildId = pinned.Version.BuildId },
                Behavior = (Api.Workflow.V1.VersioningOverride.Types.PinnedOverrideBehavior)(int)pinned.Behavior,
            },
        },
        _ => new() { AutoUpgrade = true },
    };

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

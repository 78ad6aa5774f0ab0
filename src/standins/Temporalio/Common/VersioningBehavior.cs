namespace Temporalio.Common;

/// <summary>What happens to a workflow when its worker deployment gets a new version.</summary>
public enum VersioningBehavior
{
    Unspecified = 0,

    /// <summary>It stays on the version it started on.</summary>
    Pinned = 1,

    /// <summary>It moves to the new version.</summary>
    AutoUpgrade = 2,
}

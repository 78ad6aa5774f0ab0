using Temporalio.Common;

namespace Temporalio.Worker;

/// <summary>Version of a worker.</summary>
public class WorkerDeploymentOptions : ICloneable
{
    /// <summary>Options to fill.</summary>
    public WorkerDeploymentOptions()
    {
    }

    /// <summary>Options for this version.</summary>
    public WorkerDeploymentOptions(WorkerDeploymentVersion version, bool useWorkerVersioning)
    {
        Version = version;
        UseWorkerVersioning = useWorkerVersioning;
    }

    /// <summary>The version.</summary>
    public WorkerDeploymentVersion? Version { get; set; }

    /// <summary>Whether the server gives tasks by version.</summary>
    public bool UseWorkerVersioning { get; set; }

    /// <summary>How runs move to newer versions when their workflow does not say.</summary>
    public VersioningBehavior DefaultVersioningBehavior { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}

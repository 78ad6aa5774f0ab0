namespace Temporalio.Runtime;

/// <summary>What a runtime does.</summary>
public class TemporalRuntimeOptions : ICloneable
{
    /// <summary>Time between the reports of a process's workers to the server, 1 to 60 s; null: none.</summary>
    public TimeSpan? WorkerHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    public virtual object Clone() => MemberwiseClone();
}

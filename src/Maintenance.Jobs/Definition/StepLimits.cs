using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// What one attempt of a step may use of its host; null is no limit of ours. In a delegated cgroup memory, processors and processes are
/// limits of the whole attempt, elsewhere of each of its processes; the record says which held.
/// </summary>
public sealed record StepLimits
{
    public long? MemoryBytes { get; init; }

    /// <summary>Processor time of each process; the kernel ends one that has used it up.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Processors' worth of time at once, such as 1.5; only a cgroup can keep it.</summary>
    public double? Cpus { get; init; }
    public int? Processes { get; init; }

    /// <summary>Open files of each process.</summary>
    public int? Files { get; init; }

    /// <summary>0 to 19: how much the step stands back behind others.</summary>
    public int? Nice { get; init; }

    [JsonIgnore]
    public bool NeedsCgroup => MemoryBytes is not null || Cpus is not null || Processes is not null;
}

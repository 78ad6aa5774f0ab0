using System.Text.Json.Serialization;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Locks;

/// <summary>
/// A lock as job.json names it. Every holder says how many holders it allows at a time, itself included: 1 is an exclusive lock,
/// N one of N slots, <see cref="Shared"/> any number. A lock is given when all holders and the one that asks agree, so that every
/// mixture of the three has one meaning: the smallest limit counts.
/// </summary>
public sealed record LockDefinition
{
    public const int Shared = int.MaxValue;

    /// <summary>May hold references. Of a step with <c>forEach</c>, one to the item makes it a lock of each target.</summary>
    public required string Name { get; init; }
    public int Limit { get; init; } = 1;

    [JsonIgnore]
    public bool IsOfItem => ReferenceText.Read(Name).References.Any(r => r.Scope is "item" or "host");
    public LockPriority Priority { get; init; } = LockPriority.Normal;

    /// <summary>A run that has not got the lock in this time fails.</summary>
    public TimeSpan Wait { get; init; } = LockRules.WaitDefault;

    /// <summary>Not named by the job: it keeps runs from working on too many hosts of a quorum at once.</summary>
    [JsonIgnore]
    public bool IsOfQuorum { get; private init; }

    internal static LockDefinition Of(QuorumGroup quorum) =>
        new() { Name = $"{LockRules.QuorumPrefix}{quorum.Name}", Limit = quorum.Down, IsOfQuorum = true };
}

/// <summary>Higher ones are served first, equal ones in the order in which they asked.</summary>
public enum LockPriority
{
    Low,
    Normal,
    High,
}

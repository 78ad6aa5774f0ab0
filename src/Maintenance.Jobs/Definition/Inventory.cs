namespace Maintenance.Jobs.Definition;

/// <summary>The hosts that jobs may choose from, as <c>jobs/hosts.json</c> declares them.</summary>
public sealed record Inventory
{
    public const string FileName = "hosts.json";

    public static readonly Inventory Empty = new();

    public IReadOnlyList<InventoryHost> Hosts { get; init; } = [];
    public IReadOnlyList<QuorumGroup> Quorums { get; init; } = [];
}

public sealed record InventoryHost
{
    /// <summary>What job.json, records and people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Names the queue that its agent works on.</summary>
    public required string Id { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> Groups { get; init; } = [];
}

/// <summary>Hosts that need each other: never more than <see cref="Down"/> of them are worked on at once.</summary>
public sealed record QuorumGroup
{
    public required string Name { get; init; }
    public required IReadOnlyList<string> Hosts { get; init; }
    public int Down { get; init; } = 1;
}

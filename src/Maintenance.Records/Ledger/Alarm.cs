namespace Maintenance.Records;

/// <summary>Something that is wrong now and needs a person; gone when it is mended.</summary>
public sealed record Alarm
{
    public string Installation { get; init; } = "default";

    /// <summary>One alarm of a name at a time: <c>files:HOST</c>, <c>renewal</c> …</summary>
    public required string Name { get; init; }

    /// <summary>What is wrong, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>When it was first raised; kept while it is raised again.</summary>
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset SeenAt { get; init; }
}

namespace Maintenance.Records;

/// <summary>How long records are kept. Audit records and dead messages are kept always.</summary>
public sealed record RetentionPolicy
{
    public KeepRuns Runs { get; init; } = new();

    /// <summary>Jobs whose runs are kept longer or shorter than the others.</summary>
    public IReadOnlyDictionary<string, KeepRuns> Jobs { get; init; } = new Dictionary<string, KeepRuns>();

    /// <summary>What scripts printed goes before their run. Default 90 days.</summary>
    public TimeSpan Output { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Reports that have arrived. Default 7 days.</summary>
    public TimeSpan Delivered { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>By outcome, because a failure is asked about for longer.</summary>
public sealed record KeepRuns
{
    /// <summary>Default 400 days, so that a year can be compared with the one before.</summary>
    public TimeSpan Succeeded { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Everything that did not succeed. Default 800 days.</summary>
    public TimeSpan Failed { get; init; } = TimeSpan.FromDays(800);
}

/// <summary>Which finished runs may go.</summary>
public sealed record RunPruning
{
    public required string Job { get; init; }

    /// <summary>True: those that succeeded; false: those that ended in any other way.</summary>
    public required bool Succeeded { get; init; }
    public required DateTimeOffset StartedBefore { get; init; }

    /// <summary>Now; the evidence of the deletion says so.</summary>
    public required DateTimeOffset At { get; init; }
}

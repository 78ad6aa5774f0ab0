namespace Maintenance.Records;

/// <summary>The one row of evidence_head, with what the first link follows.</summary>
sealed record EvidenceHeadRow
{
    public long Sequence { get; init; }
    public required string Hash { get; init; }
    public long RunsBefore { get; init; }

    public EvidenceHead ToHead() => new(Sequence, Hash, $"runs before the chain: {RunsBefore}");
}

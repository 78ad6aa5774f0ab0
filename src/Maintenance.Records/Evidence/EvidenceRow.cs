using System.Text.Json;

namespace Maintenance.Records;

/// <summary>A link as both dialects store it, but for its time.</summary>
abstract record EvidenceRow
{
    public long Sequence { get; init; }
    public required string Kind { get; init; }
    public required string RunId { get; init; }
    public required string Outputs { get; init; }
    public required string ContentHash { get; init; }
    public required string Marks { get; init; }
    public int Format { get; init; } = EvidenceText.OldestFormat;
    public required string PreviousHash { get; init; }
    public required string Hash { get; init; }
    public long? PrunedBy { get; init; }
    public long Newest { get; init; }

    protected EvidenceLink ToLink(DateTimeOffset at) => new()
    {
        Sequence = Sequence,
        Kind = StoredWord<EvidenceKind>.Read(Kind),
        RunId = RunId,
        At = at,
        Outputs = JsonSerializer.Deserialize<List<OutputDigest>>(Outputs) ?? [],
        ContentHash = ContentHash,
        Marks = Marks,
        Format = Format,
        PreviousHash = PreviousHash,
        Hash = Hash,
        PrunedBy = PrunedBy,
        Newest = Newest,
    };

    public static string Json(IReadOnlyList<OutputDigest> outputs) => JsonSerializer.Serialize(outputs);
}

/// <summary>The one row of evidence_head, with what the first link follows.</summary>
sealed record EvidenceHeadRow
{
    public long Sequence { get; init; }
    public required string Hash { get; init; }
    public long RunsBefore { get; init; }

    public EvidenceHead ToHead() => new(Sequence, Hash, $"runs before the chain: {RunsBefore}");
}

/// <summary>The statements of the chain that are the same in both dialects.</summary>
static class EvidenceSql
{
    public const string Columns = """
        sequence, kind, run_id, at, outputs, content_hash, format, marks, previous_hash, hash, pruned_by,
        (select max(sequence) from evidence as later where later.run_id = evidence.run_id and later.kind = 'run') as newest
        """;

    public const string OfRun = $"""
        select {Columns}
        from evidence
        where run_id = @runId and kind = 'run'
        order by sequence desc
        limit 1
        """;

    public const string Page = $"""
        select {Columns}
        from evidence
        where sequence > @after
        order by sequence
        limit @limit
        """;

    public const string Head = """
        select sequence, hash, (select count(*) from evidence_before) as runs_before
        from evidence_head
        """;

    public const string FirstSince = """
        select min(sequence)
        from evidence
        where at >= @since
        """;

    public const string PrunedBy = """
        select sequence
        from evidence
        where pruned_by = @sequence
        order by sequence
        """;

    public const string Unlinked = """
        select run_id
        from run
        where finished_at is not null
            and not exists (select 1 from evidence where evidence.run_id = run.run_id)
            and not exists (select 1 from evidence_before where evidence_before.run_id = run.run_id)
        order by run_id
        limit @limit
        """;
}

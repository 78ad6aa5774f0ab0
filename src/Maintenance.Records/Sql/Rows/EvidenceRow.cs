using System.Text.Json;

namespace Maintenance.Records;

sealed record EvidenceRow
{
    public long Sequence { get; init; }
    public required string Kind { get; init; }
    public required string RunId { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Outputs { get; init; }
    public required string ContentHash { get; init; }
    public required string Marks { get; init; }
    public int Format { get; init; } = EvidenceText.OldestFormat;
    public required string PreviousHash { get; init; }
    public required string Hash { get; init; }
    public long? PrunedBy { get; init; }
    public long Newest { get; init; }

    public EvidenceLink ToLink() => new()
    {
        Sequence = Sequence,
        Kind = StoredWord<EvidenceKind>.Read(Kind),
        RunId = RunId,
        At = At,
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

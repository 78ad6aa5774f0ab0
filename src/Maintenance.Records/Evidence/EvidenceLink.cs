using System.Globalization;

namespace Maintenance.Records;

/// <summary>What a link of the chain is about.</summary>
public enum EvidenceKind
{
    /// <summary>A run finished, or its record was written again with another content.</summary>
    Run,

    /// <summary>Retention deleted runs; their links stay and name this one.</summary>
    Pruned,
}

/// <summary>One link: it holds the hash of one finished run and the hash of the link before it.</summary>
public sealed record EvidenceLink
{
    /// <summary>Counts from 1 without a gap.</summary>
    public required long Sequence { get; init; }
    public required EvidenceKind Kind { get; init; }

    /// <summary>Empty for <see cref="EvidenceKind.Pruned"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>When the run finished, or was deleted.</summary>
    public required DateTimeOffset At { get; init; }
    public IReadOnlyList<OutputDigest> Outputs { get; init; } = [];
    public required string ContentHash { get; init; }

    /// <summary>Of the <see cref="EvidenceText"/> that <see cref="ContentHash"/> is of.</summary>
    public int Format { get; init; } = EvidenceText.OldestFormat;

    /// <summary><see cref="EvidenceText.Marks"/> of the content.</summary>
    public string Marks { get; init; } = "";
    public required string PreviousHash { get; init; }
    public required string Hash { get; init; }

    /// <summary>The link that says that the run was deleted; null while it is there.</summary>
    public long? PrunedBy { get; init; }

    /// <summary>The run's newest link; that one vouches for its record.</summary>
    public long Newest { get; init; }

    /// <summary>sha256 over previous hash, sequence, kind, run id and content hash, a line each. The stores compute the same.</summary>
    public static string HashOf(string previousHash, long sequence, EvidenceKind kind, string runId, string contentHash) =>
        OutputDigest.Sha256(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{previousHash}\n{sequence}\n{StoredWord<EvidenceKind>.Write(kind)}\n{runId}\n{contentHash}\n"));

    /// <summary>The content of a link of <see cref="EvidenceKind.Pruned"/>: when, and the links of the runs that went.</summary>
    public static string PrunedHash(DateTimeOffset at, IEnumerable<long> links) => OutputDigest.Sha256(string.Create(
        CultureInfo.InvariantCulture,
        $"prunedAt={StoredTime.ToMicroseconds(at)}\n{string.Concat(links.Order().Select(link => $"link={link}\n"))}"));
}

/// <summary>Where the chain ends.</summary>
/// <param name="Sequence">Of the last link; 0 while there is none.</param>
/// <param name="Hash">Of the last link, or <paramref name="Origin"/>. Kept elsewhere, it fixes all that is before it.</param>
/// <param name="Origin">What the first link follows: it names how many runs are older than the chain.</param>
public sealed record EvidenceHead(long Sequence, string Hash, string Origin);

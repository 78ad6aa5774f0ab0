using System.Text.Json;

namespace Maintenance.Records;

/// <summary>Something that is not as the chain says.</summary>
/// <param name="Sequence">The link; null for a run without one.</param>
public sealed record EvidenceFinding(long? Sequence, string? RunId, string What);

/// <param name="Links">Links that were read.</param>
/// <param name="Runs">Runs whose record was compared, field by field.</param>
/// <param name="Pruned">Runs that retention let go, as a link says.</param>
/// <param name="OutputsGone">Outputs that are deleted; their digests stand.</param>
/// <param name="Rewritten">Runs that were recorded again with another content, as an earlier and a later link say.</param>
/// <param name="Head">Where the chain ended when the verification began. Kept elsewhere, it proves later that nothing before it was
/// changed.</param>
public sealed record EvidenceReport(
    long Links, long Runs, long Pruned, long OutputsGone, IReadOnlyList<string> Rewritten, EvidenceHead Head,
    IReadOnlyList<EvidenceFinding> Findings);

/// <summary>
/// Reads the chain from its beginning, or from the first link since a time, and compares each run with its link. Runs may finish and be
/// deleted meanwhile; what comes behind the head of the start is left for the next time.
/// </summary>
public sealed class EvidenceVerification(IRunStore store)
{
    const int PageSize = 500;
    const int UnlinkedMax = 100;

    readonly List<EvidenceFinding> _findings = [];
    readonly HashSet<string> _rewritten = new(StringComparer.Ordinal);
    readonly HashSet<long> _prunings = [];
    readonly Dictionary<long, string> _claimedPrunings = [];
    long _links;
    long _runs;
    long _pruned;
    long _outputsGone;

    public async Task<EvidenceReport> RunAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var head = await store.GetEvidenceHeadAsync(cancellationToken);
        var from = since is { } time ? await store.FindEvidenceSinceAsync(time, cancellationToken) ?? head.Sequence + 1 : 1;
        await WalkAsync(from, head, cancellationToken);
        foreach (var run in await store.ListRunsWithoutEvidenceAsync(UnlinkedMax, cancellationToken))
            Find(null, run, "is not in the chain: it was inserted by something else than this program");
        foreach (var (pruning, run) in _claimedPrunings.Where(claim => !_prunings.Contains(claim.Key)))
            Find(pruning, run, $"was deleted, and link {pruning}, which should say so, is not there");
        return new(_links, _runs, _pruned, _outputsGone, [.. _rewritten.Order(StringComparer.Ordinal)], head, _findings);
    }

    async Task WalkAsync(long from, EvidenceHead head, CancellationToken cancellationToken)
    {
        // In the middle of the chain the link before is where trust begins.
        var before = from > 1 && await store.ListEvidenceAsync(from - 2, 1, cancellationToken) is [var link] && link.Sequence == from - 1
            ? link
            : null;
        var last = from - 1;
        var hash = from == 1 ? head.Origin : before?.Hash;
        while (last < head.Sequence)
        {
            var page = await store.ListEvidenceAsync(last, PageSize, cancellationToken);
            if (page.Count == 0)
                break;
            foreach (var next in page.TakeWhile(next => next.Sequence <= head.Sequence))
            {
                Follow(next, last, hash);
                await CompareAsync(next, cancellationToken);
                (last, hash) = (next.Sequence, next.Hash);
            }

            if (page[^1].Sequence > head.Sequence)
                break;
        }

        if (last < head.Sequence)
            Find(head.Sequence, null, $"links {last + 1} to {head.Sequence} are missing: the newest runs were removed from the chain");
        else if (from <= head.Sequence && hash != head.Hash)
            Find(head.Sequence, null, "the end of the chain is not what the head says: it was replaced");
    }

    void Follow(EvidenceLink link, long last, string? hash)
    {
        _links++;
        if (link.Sequence != last + 1)
            Find(link.Sequence, link.RunId, $"follows link {last}: {link.Sequence - last - 1} links between them were removed");
        else if (hash is not null && link.PreviousHash != hash)
            Find(link.Sequence, link.RunId, last == 0
                ? "does not begin the chain as it was begun: the list of runs before the chain was changed"
                : $"does not follow link {last}: one of the two was changed or inserted");
        if (link.Hash != EvidenceLink.HashOf(link.PreviousHash, link.Sequence, link.Kind, link.RunId, link.ContentHash))
            Find(link.Sequence, link.RunId, "the link itself was changed");
    }

    async Task CompareAsync(EvidenceLink link, CancellationToken cancellationToken)
    {
        if (link.Kind == EvidenceKind.Pruned)
        {
            _prunings.Add(link.Sequence);
            if (link.Format != EvidenceText.OldestFormat || link.Marks.Length > 0)
                Find(link.Sequence, null, "the link itself was changed");
            var links = await store.ListPrunedByAsync(link.Sequence, cancellationToken);
            _pruned += links.Count;
            if (EvidenceLink.PrunedHash(link.At, links) != link.ContentHash)
                Find(link.Sequence, null, "says that other runs were deleted than are marked so: a run was removed, or a mark was changed");
            return;
        }

        if (link.PrunedBy is { } pruning)
            _claimedPrunings.TryAdd(pruning, link.RunId);
        if (link.Newest != link.Sequence)
            _rewritten.Add(link.RunId);
        else
            await CompareRunAsync(link, cancellationToken);
    }

    async Task CompareRunAsync(EvidenceLink link, CancellationToken cancellationToken)
    {
        var problem = await ProblemOfAsync(link, cancellationToken);
        if (problem is null)
            return;

        // It may have been deleted or written again since the page was read; its new link then speaks for it.
        var now = await store.GetEvidenceAsync(link.RunId, cancellationToken);
        if (now is not null && now.Sequence == link.Sequence && now.PrunedBy == link.PrunedBy)
            Find(link.Sequence, link.RunId, problem);
    }

    async Task<string?> ProblemOfAsync(EvidenceLink link, CancellationToken cancellationToken)
    {
        RunRecord? run;
        try
        {
            run = await store.GetRunAsync(link.RunId, cancellationToken);
        }
        catch (Exception ex) when (ex is InvalidDataException or JsonException)
        {
            _runs++;
            return $"cannot be read: {ex.Message}";
        }

        if (link.PrunedBy is not null)
            return run is null ? null : "is marked as deleted and is there";
        _runs++;
        if (run is null)
            return "was removed";
        if (link.Format > EvidenceText.NewestFormat)
            return $"has evidence of format {link.Format}, and this version knows those up to {EvidenceText.NewestFormat}: verify with a "
                + "newer one";
        var text = EvidenceText.Of(run, link.Outputs, Math.Max(link.Format, EvidenceText.OldestFormat));
        if (text.Hash != link.ContentHash)
            return $"was changed: {string.Join(", ", text.Differing(link.Marks))}";
        if (text.Marks != link.Marks || text.Format != link.Format)
            return "the link's marks or format were changed";
        return run.FinishedAt != link.At ? "the link's time was changed" : await ProblemOfOutputsAsync(run, link, cancellationToken);
    }

    async Task<string?> ProblemOfOutputsAsync(RunRecord run, EvidenceLink link, CancellationToken cancellationToken)
    {
        var digests = link.Outputs.ToDictionary(digest => (digest.Position, digest.Number));
        foreach (var (step, attempt) in run.Steps.SelectMany(step => step.Attempts.Select(attempt => (step, attempt))))
        {
            if (!digests.TryGetValue((step.Position, attempt.Number), out var digest))
            {
                if (attempt.Output is { TotalBytes: > 0 })
                    return $"was changed: output.{step.Position}.{attempt.Number} was added";
                continue;
            }

            if (attempt.Output is null)
            {
                _outputsGone++;
                continue;
            }

            var full = digest.Full is null
                ? null
                : await store.GetFullOutputAsync(attempt.ExecutionRunId ?? run.RunId, attempt.ActivityId, cancellationToken);
            var now = OutputDigest.Of(step.Position, attempt.Number, attempt.Output, full is null ? null : OutputDigest.Sha256(full));
            if (now != digest)
                return $"was changed: output.{step.Position}.{attempt.Number}";
        }

        return null;
    }

    void Find(long? sequence, string? runId, string what) => _findings.Add(new(sequence, string.IsNullOrEmpty(runId) ? null : runId, what));
}

using Maintenance.Records;

namespace Maintenance.Host.Cli;

enum EvidenceState
{
    /// <summary>The record is what was sealed when the run finished.</summary>
    Sealed,

    /// <summary>The run is older than the chain: nothing vouches for its record.</summary>
    BeforeChain,
    Changed,
}

/// <summary>What is recorded of a finished run, and the link that vouches for it.</summary>
sealed record RunEvidence(RunRecord Run, EvidenceText Text, EvidenceLink? Link, IReadOnlyList<AuditRecord> Audit)
{
    public EvidenceState State => Link is null ? EvidenceState.BeforeChain
        : Link.ContentHash == Text.Hash ? EvidenceState.Sealed : EvidenceState.Changed;

    public string Statement => State switch
    {
        EvidenceState.Sealed =>
            $"The record is what link {Link!.Sequence} sealed when the run finished; `maintenance evidence verify` checks the chain "
                + "itself.",
        EvidenceState.BeforeChain => "The run finished before there was a chain, so nothing vouches for its record.",
        _ =>
            $"The record was changed after the run: {string.Join(", ", Text.Differing(Link!.Marks))}. `maintenance records "
                + $"rebuild {Run.RunId}` writes it again from the history.",
    };

    public static async Task<RunEvidence> ReadAsync(IRunStore store, RunRecord run, CancellationToken cancellationToken)
    {
        var link = await store.GetEvidenceAsync(run.RunId, cancellationToken);
        var audit = await store.ListAuditAsync(new() { Subject = $"run:{run.RunId}" }, cancellationToken);
        return new(run, EvidenceText.Of(run, link?.Outputs ?? [], link?.Format ?? EvidenceText.NewestFormat), link, audit);
    }

    public object ToJson() => new
    {
        state = State,
        run = Run,
        outputs = Link?.Outputs ?? [],
        chain = Link is null ? null : new { Link.Sequence, Link.ContentHash, Link.PreviousHash, Link.Hash },
        audit = Audit,
        text = Text.Text,
    };
}

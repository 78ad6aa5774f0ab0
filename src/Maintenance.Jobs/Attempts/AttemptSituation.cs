using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// What the folder of an attempt tells at one moment, and what follows from it. The decision is pure: the table in ARCHITECTURE.md, row by
/// row.
/// </summary>
sealed record AttemptSituation
{
    public bool HasTicket { get; init; }
    public bool HasResult { get; init; }
    public bool SameEra { get; init; } = true;
    public ProcessIdentity? Supervisor { get; init; }
    public bool SupervisorAlive { get; init; }
    public ProcessIdentity? Script { get; init; }
    public bool ScriptAlive { get; init; }
    public SupervisorStatus? Status { get; init; }
    public string? StopReason { get; init; }
    public bool MarkerIncomplete { get; init; }

    public static AttemptSituation Of(AttemptFolder folder, HostEra era)
    {
        if (!folder.Exists)
            return new AttemptSituation();
        var supervisor = ProcessIdentity.Read(folder.SupervisorFile);
        var script = ProcessIdentity.Read(folder.ScriptPidFile);
        var sameEra = folder.ReadTicket().Era == era;
        // Whether the supervisor lives is asked before the status is read: asked the other way round, one that ends in between would look
        // lost.
        var supervisorAlive = sameEra && supervisor is { IsAlive: true };
        return new AttemptSituation
        {
            HasTicket = true,
            HasResult = File.Exists(folder.ResultFile),
            SameEra = sameEra,
            Supervisor = supervisor,
            SupervisorAlive = supervisorAlive,
            Script = script,
            ScriptAlive = sameEra && script is { IsAlive: true },
            Status = SupervisorStatus.Read(folder.StatusFile),
            StopReason = folder.ReadStopReason(),
            MarkerIncomplete = supervisor is null && File.Exists(folder.SupervisorFile),
        };
    }

    public AttemptDecision Decide()
    {
        if (!HasTicket)
            return AttemptDecision.Start;
        if (HasResult)
            return AttemptDecision.Return;
        if (Supervisor is null && !MarkerIncomplete)
            return SameEra ? AttemptDecision.StartAgain : AttemptDecision.Restart;
        if (SupervisorAlive)
            return AttemptDecision.Attach;
        return Status is not null ? AttemptDecision.Collect : AttemptDecision.Lost;
    }

    /// <summary>Why nobody knows how the script ended, for the decision <see cref="AttemptDecision.Lost"/>.</summary>
    public string LossReason() => this switch
    {
        { SameEra: false } => "the host or its container was restarted while the script ran",
        { ScriptAlive: true } => "the supervisor was killed while the script ran; the script was stopped",
        { MarkerIncomplete: true } => "the supervisor was killed as it began",
        _ => "the supervisor was killed together with the script",
    };
}

enum AttemptDecision
{
    /// <summary>Never seen before.</summary>
    Start,

    /// <summary>
    /// The folder is there and no supervisor has taken it: start one; should an earlier one still be on its way, only one of them wins.
    /// </summary>
    StartAgain,

    /// <summary>As before, but from an earlier boot: the folder's ticket is written anew.</summary>
    Restart,

    /// <summary>The supervisor lives: wait for it.</summary>
    Attach,

    /// <summary>The script has ended and its status waits to be taken in.</summary>
    Collect,

    /// <summary>The result was made before: give it again.</summary>
    Return,

    /// <summary>It ran, and nobody knows how it ended.</summary>
    Lost,
}

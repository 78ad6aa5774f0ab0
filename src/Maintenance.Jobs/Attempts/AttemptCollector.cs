using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Takes in what an ended attempt left: ends its last processes, reads and redacts the output, writes the result, deletes the rest.
/// </summary>
sealed class AttemptCollector(AttemptHostOptions options, TimeProvider time)
{
    const string Withheld = "[The output is withheld: its secrets are no longer known on this host, so it cannot be redacted.]";

    public async Task<AttemptResult> CollectAsync(
        AttemptFolder folder, AttemptSituation situation, Seen seen, CancellationToken detached)
    {
        var ticket = folder.ReadTicket();
        var redactor = seen.Redactor ?? await AttemptSecrets.RecoverAsync(ticket, situation.Supervisor, detached);
        var (guarantee, killed, memoryKills) = await EndProcessesAsync(ticket, situation, seen, detached);
        if (!situation.MarkerIncomplete && AttemptSituation.Of(folder, ticket.Era) is { Script: null, Status: null }
            && situation is { SameEra: true, StopReason: null })
            return NeverBegan(folder);

        var refusal = RefusalOf(folder);
        if (refusal is { Passing: true } && situation.StopReason is null)
            return NothingRan(folder, refusal);
        var outcome = refusal ?? OutcomeOf(folder, ticket, situation);
        var (outputs, problems) = redactor is null
            ? (new Dictionary<string, string>(), [])
            : StepOutputs.Read(folder.OutputsFile, redactor);
        var capture = new OutputCapture(folder.OutputFile, ticket.OutputBytesMax);
        var (startedAt, endedAt) = Times(folder, ticket);
        var result = new AttemptResult
        {
            Outcome = outcome,
            HostId = options.HostId,
            HostName = options.HostName,
            Pid = situation.Script?.Pid,
            StartedAt = startedAt,
            EndedAt = endedAt < startedAt ? startedAt : endedAt,
            Output = redactor is null ? Withheld : capture.Read(redactor),
            OutputBytes = capture.Length,
            Outputs = outputs,
            Containment = guarantee,
            LeftoversKilled = killed,
            Adopted = seen.Witness == Witness.Adopted,
            EndedUnseen = seen.Witness == Witness.Nobody,
            Notes = [.. problems, .. ticket.Notes, .. NotesOn(ticket, outcome, memoryKills, endedAt < startedAt)],
        };
        result = folder.WriteResult(result);
        folder.DeleteRaw();
        return result;
    }

    async Task<(string Guarantee, int Killed, int MemoryKills)> EndProcessesAsync(
        AttemptTicket ticket, AttemptSituation situation, Seen seen, CancellationToken detached)
    {
        if (situation is not { SameEra: true, Supervisor: { } supervisor })
            return (situation.SameEra ? "none: its processes are not known" : "none: another boot", 0, 0);
        var containment = new Containment(ticket, supervisor, time, seen.StartedAt);
        if (situation.ScriptAlive && situation.StopReason is null)
            await StopOrphanAsync(containment, situation, ticket, detached);
        var memoryKills = ticket.Cgroup is { } cgroup ? Cgroup.KilledForMemory(cgroup) : 0;
        return (containment.Guarantee, await containment.EndAllAsync(detached), memoryKills);
    }

    /// <summary>
    /// The supervisor is gone and its script is not: nobody would keep its time or see its end, so it is asked to stop first.
    /// </summary>
    async Task StopOrphanAsync(Containment containment, AttemptSituation situation, AttemptTicket ticket, CancellationToken detached)
    {
        var pause = TimeSpan.FromMilliseconds(20);
        situation.Script?.Signal(Native.SIGTERM);
        containment.AskToStop();
        var started = time.GetTimestamp();
        while (situation.Script is { IsAlive: true } && time.GetElapsedTime(started) < ticket.StopGrace)
            await Task.Delay(pause, time, detached);
    }

    /// <summary>
    /// The supervisor was killed before it made the script's process: nothing of the script ran, and the attempt may start again.
    /// </summary>
    AttemptResult NeverBegan(AttemptFolder folder)
    {
        var said = File.Exists(folder.ShellFile) ? File.ReadAllText(folder.ShellFile).Trim() : "";
        return NothingRan(folder, new(
            "SUPERVISOR",
            $"The shell beside the script ended before the script began: {(said.Length > 0 ? said : "it was killed")}. Look at free "
                + "memory, processes and disk of this host.",
            Passing: true));
    }

    /// <summary>What passes is tried again under the same key, and finds no folder then.</summary>
    AttemptResult NothingRan(AttemptFolder folder, AttemptOutcome.CouldNotStart refusal)
    {
        folder.Delete();
        var now = time.GetUtcNow();
        return new AttemptResult
        {
            Outcome = refusal, HostId = options.HostId, HostName = options.HostName, StartedAt = now, EndedAt = now,
        };
    }

    /// <summary>
    /// The shell could not become the script's interpreter; then all that there is of output is what the shell said about it.
    /// </summary>
    static AttemptOutcome.CouldNotStart? RefusalOf(AttemptFolder folder)
    {
        if (!File.Exists(folder.RefusedFile))
            return null;
        var said = string.Join(
            ' ', new[] { folder.OutputFile, folder.ShellFile }.Where(File.Exists).Select(f => File.ReadAllText(f).Trim())).Trim();
        var errno = Errno.OfMessage(said);
        return new(Errno.Name(errno), $"The script's interpreter could not be executed: {said}", Errno.IsPassing(errno));
    }

    static AttemptOutcome OutcomeOf(AttemptFolder folder, AttemptTicket ticket, AttemptSituation situation) => situation switch
    {
        { StopReason: { } reason } => new AttemptOutcome.Cancelled(reason),
        { Status: { TimedOut: true } status } => new AttemptOutcome.TimedOut(ticket.Timeout, status.Code),
        { Status: { Code: > 128 and < 193 } status } when ShellSawSignal(folder) => new AttemptOutcome.Signalled(status.Code - 128),
        { Status: { } status } => new AttemptOutcome.Exited(status.Code),
        _ => new AttemptOutcome.Unknown(situation.LossReason()),
    };

    /// <summary>
    /// A shell says "Killed", "Terminated"… when its foreground command died of a signal, and nothing when it left with 128 + n.
    /// </summary>
    static bool ShellSawSignal(AttemptFolder folder) => File.Exists(folder.ShellFile) && new FileInfo(folder.ShellFile).Length > 0;

    static IEnumerable<string> NotesOn(AttemptTicket ticket, AttemptOutcome outcome, int memoryKills, bool clockWentBack)
    {
        if (HostLimits.Explain(ticket.Limits, outcome) is { } explained)
            yield return explained;
        if (memoryKills > 0)
            yield return $"The kernel ended {memoryKills} of its processes because it was over its limit of memory.";
        if (clockWentBack)
            yield return "The host's clock was set back while the script ran, so its length is not known.";
    }

    (DateTimeOffset Started, DateTimeOffset Ended) Times(AttemptFolder folder, AttemptTicket ticket) =>
        (WrittenAt(folder.SupervisorFile) ?? ticket.CreatedAt, WrittenAt(folder.StatusFile) ?? time.GetUtcNow());

    static DateTimeOffset? WrittenAt(string file) =>
        File.Exists(file) ? new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero) : null;
}

/// <summary>What the worker that collects knows of the attempt beyond its folder.</summary>
readonly record struct Seen(Witness Witness, ForkCount? StartedAt, Redactor? Redactor);

/// <summary>Who saw the script end.</summary>
enum Witness
{
    /// <summary>The worker that started it.</summary>
    Starter,
    Adopted,
    Nobody,
}

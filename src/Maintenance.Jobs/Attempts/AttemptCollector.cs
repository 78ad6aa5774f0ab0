using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Takes in what an ended attempt left: ends its last processes, reads and redacts the output, writes the result, deletes the rest.
/// </summary>
sealed class AttemptCollector(AttemptHostOptions options, TimeProvider time)
{
    public async Task<AttemptResult> CollectAsync(
        AttemptFolder folder, AttemptSituation situation, Witness witness, ForkCount? startedAt, CancellationToken detached)
    {
        var ticket = folder.ReadTicket();
        var notes = new List<string>();
        var killed = 0;
        var guarantee = "none: another boot";
        if (situation is { SameEra: true, Supervisor: { } supervisor })
        {
            var containment = new Containment(ticket, supervisor, time, startedAt);
            guarantee = containment.Guarantee;
            if (situation.ScriptAlive && situation.StopReason is null)
                await StopOrphanAsync(containment, situation, ticket, detached);
            killed = await containment.EndAllAsync(detached);
        }

        var redactor = RedactorFor(ticket);
        var (outputs, problems) = redactor is null ? (new Dictionary<string, string>(), []) : StepOutputs.Read(folder.OutputsFile, redactor);
        notes.AddRange(problems);
        var capture = new OutputCapture(folder.OutputFile, ticket.OutputBytesMax);
        var result = new AttemptResult
        {
            Outcome = OutcomeOf(folder, ticket, situation),
            HostId = options.HostId,
            HostName = options.HostName,
            Pid = situation.Script?.Pid,
            StartedAt = WrittenAt(folder.SupervisorFile) ?? ticket.CreatedAt,
            EndedAt = WrittenAt(folder.StatusFile) ?? time.GetUtcNow(),
            Output = redactor is null ? "[The output is withheld: its secrets are no longer known on this host, so it cannot be redacted.]" : capture.Read(redactor),
            OutputBytes = capture.Length,
            Outputs = outputs,
            Containment = guarantee,
            LeftoversKilled = killed,
            Adopted = witness == Witness.Adopted,
            EndedUnseen = witness == Witness.Nobody,
            Notes = notes,
        };
        folder.WriteResult(result);
        folder.DeleteRaw();
        return result;
    }

    public static string LastLine(AttemptFolder folder)
    {
        var ticket = folder.ReadTicket();
        return RedactorFor(ticket) is { } redactor ? new OutputCapture(folder.OutputFile, ticket.OutputBytesMax).LastLine(redactor) : "";
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

    /// <summary>Null when a secret can no longer be looked up: what cannot be redacted does not leave the host.</summary>
    static Redactor? RedactorFor(AttemptTicket ticket)
    {
        var (values, missing) = SecretSource.Resolve(ticket.Secrets);
        return missing is null ? new Redactor(values.Values) : null;
    }

    static DateTimeOffset? WrittenAt(string file) => File.Exists(file) ? new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero) : null;
}

/// <summary>Who saw the script end.</summary>
enum Witness
{
    /// <summary>The worker that started it.</summary>
    Starter,
    Adopted,
    Nobody,
}

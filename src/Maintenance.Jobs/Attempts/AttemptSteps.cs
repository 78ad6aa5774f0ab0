using Maintenance.Jobs.Attempts.Posix;
using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Attempts;

/// <summary>Does what <see cref="AttemptSituation.Decide"/> says, again and again until there is a result.</summary>
sealed class AttemptSteps(AttemptHostOptions options, ExitWatcher watcher, HostEra era, TimeProvider time, ILogger logger) : IDisposable
{
    static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    readonly AttemptStarter _starter = new(options, watcher, era, time);
    readonly AttemptCollector _collector = new(options, time);

    public bool WasStarted(AttemptFolder folder) =>
        AttemptSituation.Of(folder, era).Decide() is AttemptDecision.Attach or AttemptDecision.Collect or AttemptDecision.Return
            or AttemptDecision.Lost;

    public async Task<AttemptResult> RunAsync(OpenAttempt asked, LiveAttempt live, CancellationToken detached)
    {
        var decision = AttemptSituation.Of(asked.Folder, era).Decide();
        if (decision is AttemptDecision.Start or AttemptDecision.StartAgain or AttemptDecision.Restart)
        {
            if (asked.Folder.ReadStopReason() is { } earlier)
                return NotStarted(new AttemptOutcome.Cancelled(earlier));
            if (live.StopAsked.IsCompleted)
                return NotStarted(new AttemptOutcome.Cancelled(await live.StopAsked));
            await EndEarlierAsync(asked, detached);
            var startedAt = ForkCount.Now();
            var (supervisor, redactor, refusal) = await _starter.StartAsync(asked, detached);
            if (refusal is not null)
                return Refused(asked, refusal);
            live.Redactor = redactor;
            AttemptLog.Started(logger, asked.Request.Job, asked.Request.Step, asked.Request.Attempt, asked.Key.RunId, supervisor.Pid);
            await FollowAsync(asked.Folder, supervisor, live, detached);
            // Whatever is found from here on, this worker has seen.
            return await FinishStartedAsync(asked, live, startedAt, detached);
        }

        if (asked.Token is not null)
            asked.Folder.WriteToken(asked.Token);
        return await ResumeAsync(asked.Key, asked.Folder, live, detached);
    }

    async Task<AttemptResult> FinishStartedAsync(OpenAttempt asked, LiveAttempt live, ForkCount startedAt, CancellationToken detached)
    {
        // A supervisor that left before it took the folder could not work at all, or another one was quicker.
        if (AttemptSituation.Of(asked.Folder, era) is { Supervisor: null } failed && asked.Folder.ReadStopReason() is null)
            return NotStarted(SupervisorFailed(asked.Folder, failed));
        return await ResumeAsync(asked.Key, asked.Folder, live, detached, Witness.Starter, startedAt);
    }

    /// <summary>For an attempt that was started at some time by somebody.</summary>
    public async Task<AttemptResult> ResumeAsync(
        AttemptKey key, AttemptFolder folder, LiveAttempt live, CancellationToken detached, Witness witness = Witness.Nobody,
        ForkCount? startedAt = null)
    {
        while (true)
        {
            var situation = AttemptSituation.Of(folder, era);
            switch (situation.Decide())
            {
                case AttemptDecision.Return:
                    return folder.ReadResult() ?? throw new InvalidDataException(
                        $"{folder.ResultFile} has no content. Delete the folder; the attempt then counts as unknown.");
                case AttemptDecision.Attach when situation.Supervisor is { } supervisor:
                    witness = Witness.Adopted;
                    AttemptLog.Adopted(logger, key.ActivityId, key.RunId, supervisor.Pid);
                    live.Redactor ??= await AttemptSecrets.RecoverAsync(folder.ReadTicket(), supervisor, detached);
                    await FollowAsync(folder, supervisor, live, detached);
                    break;
                case AttemptDecision.Collect or AttemptDecision.Lost:
                    return await _collector.CollectAsync(folder, situation, new Seen(witness, startedAt, live.Redactor), detached);
                default:
                    return NotStarted(new AttemptOutcome.Cancelled(situation.StopReason ?? "nothing was started"));
            }
        }
    }

    /// <summary>Returns when the supervisor has ended, by itself or because a stop was asked for.</summary>
    async Task FollowAsync(AttemptFolder folder, ProcessIdentity supervisor, LiveAttempt live, CancellationToken detached)
    {
        var exited = watcher.WhenExited(supervisor);
        var ticket = folder.ReadTicket();
        var output = new OutputCapture(folder.OutputFile, ticket.OutputBytesMax);
        var stopAsked = folder.ReadStopReason() is { } reason ? Task.FromResult(reason) : live.StopAsked;
        while (!stopAsked.IsCompleted)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(detached);
            var first = await Task.WhenAny(exited, stopAsked, Task.Delay(_tick, time, tick.Token));
            await tick.CancelAsync();
            detached.ThrowIfCancellationRequested();
            output.FreeMiddle();
            // Looked at as well as waited for: an attempt must not hang on one event.
            if (first == exited || !supervisor.IsAlive)
                return;
        }

        await StopAsync(folder, ticket, supervisor, exited, await stopAsked, detached);
    }

    async Task StopAsync(
        AttemptFolder folder, AttemptTicket ticket, ProcessIdentity supervisor, Task exited, string reason, CancellationToken detached)
    {
        // A script that ended by itself keeps its result, however late the wish to stop it was.
        if (SupervisorStatus.Read(folder.StatusFile) is null)
            folder.WriteStopReason(reason);
        var containment = new Containment(ticket, supervisor, time);
        containment.AskToStop();
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(detached);
        await Task.WhenAny(exited, Task.Delay(ticket.StopGrace, time, grace.Token));
        await grace.CancelAsync();
        detached.ThrowIfCancellationRequested();
        await containment.EndAllAsync(detached);
    }

    async Task EndEarlierAsync(OpenAttempt asked, CancellationToken detached)
    {
        foreach (var earlier in asked.Earlier)
        {
            var folder = new AttemptFolder(Path.Combine(options.Root, earlier.FolderName));
            var live = new LiveAttempt(earlier, folder);
            live.RequestStop($"superseded by {asked.Key.ActivityId}");
            await ResumeAsync(earlier, folder, live, detached);
        }
    }

    AttemptResult Refused(OpenAttempt asked, AttemptOutcome.CouldNotStart refusal)
    {
        var result = NotStarted(refusal);
        // What will pass is tried again under the same key; what will not is this attempt's result.
        return !refusal.Passing && asked.Folder.Exists ? asked.Folder.WriteResult(result) : result;
    }

    static AttemptOutcome.CouldNotStart SupervisorFailed(AttemptFolder folder, AttemptSituation situation)
    {
        var said = File.Exists(folder.ShellFile) ? File.ReadAllText(folder.ShellFile).Trim() : "";
        return new AttemptOutcome.CouldNotStart(
            "SUPERVISOR",
            $"The shell beside the script ended before it "
                + $"began{(situation.MarkerIncomplete ? " to write its mark" : "")}: {(said.Length > 0 ? said : "it said nothing")}. Look "
                + "at free memory, processes and disk of this host.",
            Passing: true);
    }

    AttemptResult NotStarted(AttemptOutcome outcome) => new()
    {
        Outcome = outcome,
        HostId = options.HostId,
        HostName = options.HostName,
        StartedAt = time.GetUtcNow(),
        EndedAt = time.GetUtcNow(),
    };

    public void Dispose() => watcher.Dispose();
}

using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Ends what operators did for a while. Only holds that are open are looked at, never all schedules. When the end comes late (nobody was there),
/// the due times since are made up as far as the schedule's catch-up goes. The server makes them up and resumes in one call, and only then the end is
/// noted: cut off anywhere, the next look does the rest, and no due time is made up twice.
/// </summary>
sealed partial class HoldExpiry(ITemporalClient client, IRunStore store, string installation, TimeProvider time, ILogger logger)
{
    public const string By = "expiry";

    /// <summary>Longer than the call to the server takes: a due time that comes meanwhile would be neither made up nor started.</summary>
    static readonly TimeSpan _callMax = TimeSpan.FromSeconds(1);

    /// <summary>A schedule that is due each second has no quiet moment to wait for.</summary>
    static readonly TimeSpan _waitMax = TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var hold in await store.ListHoldsAsync(new() { Installation = installation }, cancellationToken))
        {
            if (hold.Until is { } until && until <= now)
                await EndAsync(hold, until, now, cancellationToken);
        }
    }

    async Task EndAsync(ScheduleHold hold, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (hold.Kind != HoldKind.RunAt && !await ResumeAsync(hold, until, now, cancellationToken))
            return;
        await store.PutHoldAsync(hold with { EndedAt = now, EndedBy = By }, cancellationToken);
    }

    /// <summary>False when the next look has to do it.</summary>
    async Task<bool> ResumeAsync(ScheduleHold hold, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Somebody who changed the note, resumed or paused anew has taken over.
        if (await Planner.DescribeAsync(client, hold.ScheduleId, cancellationToken) is not { Schedule.State: { Paused: true } state } found
            || state.Note != HoldText.Note(hold))
            return true;

        var applied = await store.GetAppliedScheduleAsync(installation, hold.ScheduleId, cancellationToken);
        var schedule = applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value;
        if (now < until + _waitMax && schedule is not null && DueTimes.After(schedule, now).Take(1).Any(d => d.Nominal < now + _callMax))
            return false;

        var patch = new SchedulePatch { Unpause = $"resumed by itself at {Instants.Format(now)}; ended: {HoldText.Note(hold)}" };
        var from = await UntoldAsync(hold.ScheduleId, Later(until, applied?.AppliedAt), now, cancellationToken);
        if (LateTime(schedule, from, now) is { } late)
        {
            patch.BackfillRequest.Add(new BackfillRequest
            {
                StartTime = Timestamp.FromDateTimeOffset(late), EndTime = Timestamp.FromDateTimeOffset(now), OverlapPolicy = found.Schedule.Policy.Overlap,
            });
            LogCaughtUp(logger, hold.ScheduleId, Instants.Format(late), Instants.Format(now));
        }

        var request = new PatchScheduleRequest
        {
            Namespace = client.Options.Namespace,
            ScheduleId = hold.ScheduleId,
            Patch = patch,
            Identity = client.Connection.Options.Identity ?? "",
            RequestId = $"{By}-{hold.Id}",
        };
        await client.WorkflowService.PatchScheduleAsync(request, Planner.Rpc(cancellationToken));
        await AuditAsync(hold, now, cancellationToken);
        LogResumed(logger, hold.ScheduleId, HoldText.Note(hold));
        return true;
    }

    /// <summary>A clock that was set back comes again to due times that the server has served; the ledger knows what became of them.</summary>
    async Task<DateTimeOffset> UntoldAsync(string scheduleId, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = new OccurrenceQuery { Installation = installation, ScheduleId = scheduleId, From = from, Until = now.AddSeconds(1), NewestFirst = true };
        foreach (var row in await store.ListOccurrencesAsync(query, cancellationToken))
        {
            if (row.Status != OccurrenceStatus.Due && row.Cause is not (LedgerCauses.Excluded or LedgerCauses.Dst))
                return (row.LastDueAt ?? row.DueAt).AddSeconds(1);
        }

        return from;
    }

    /// <summary>What was due before the schedule became what it is now, the server does not know any more.</summary>
    static DateTimeOffset Later(DateTimeOffset until, DateTimeOffset? applied) => applied > until ? applied.Value : until;

    /// <summary>The first due time since the end that the server passed over while the schedule was still paused; null when there is none.</summary>
    static DateTimeOffset? LateTime(Maintenance.Schedules.Schedule? schedule, DateTimeOffset until, DateTimeOffset now)
    {
        if (schedule is null)
            return null;
        var from = new[] { until, now - schedule.CatchUp }.Max();
        return DueTimes.After(schedule, from.AddSeconds(-1)).Select(d => (DateTimeOffset?)d.Nominal).TakeWhile(at => at <= now).FirstOrDefault(at => at >= from);
    }

    Task AuditAsync(ScheduleHold hold, DateTimeOffset now, CancellationToken cancellationToken) => store.AppendAuditAsync(
        new AuditRecord
        {
            Id = $"expiry-{hold.Id}",
            At = now,
            Who = "maintenance",
            Action = "resume",
            Subject = $"schedule:{hold.ScheduleId}",
            Reason = $"the end of: {HoldText.Note(hold)}",
            DetailJson = JsonSerializer.Serialize(new { until = hold.Until }),
        },
        cancellationToken);

    [LoggerMessage(1011, LogLevel.Information, "Schedule {ScheduleId} goes on by itself; ended: {Hold}")]
    static partial void LogResumed(ILogger logger, string scheduleId, string hold);

    [LoggerMessage(1012, LogLevel.Warning, "Schedule {ScheduleId} goes on late: its due times from {From} to {Until} are made up")]
    static partial void LogCaughtUp(ILogger logger, string scheduleId, string from, string until);
}

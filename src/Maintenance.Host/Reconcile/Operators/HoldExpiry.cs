using System.Text.Json;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Ends what operators did for a while. Only holds that are open are looked at, never all schedules. When the end comes late (nobody was there),
/// the due times since are made up as far as the schedule's catch-up goes. Backfill first, then resume, then note the end: cut off anywhere,
/// the next look does the rest, and the server starts no occurrence twice.
/// </summary>
sealed partial class HoldExpiry(ITemporalClient client, IRunStore store, string installation, TimeProvider time, ILogger logger)
{
    public const string By = "expiry";

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
        if (hold.Kind != HoldKind.RunAt)
            await ResumeAsync(hold, until, now, cancellationToken);
        await store.PutHoldAsync(hold with { EndedAt = now, EndedBy = By }, cancellationToken);
    }

    async Task ResumeAsync(ScheduleHold hold, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Somebody who changed the note, resumed or paused anew has taken over.
        if (await Planner.DescribeAsync(client, hold.ScheduleId, cancellationToken) is not { Schedule.State: { Paused: true } state } found
            || state.Note != HoldText.Note(hold))
            return;

        var handle = client.GetScheduleHandle(hold.ScheduleId);
        if (await LateTimesAsync(hold, until, now, cancellationToken) is { } late)
        {
            var backfill = new ScheduleBackfill(late.UtcDateTime.AddSeconds(-1), now.UtcDateTime, found.Schedule.Policy.Overlap);
            await handle.BackfillAsync([backfill], Planner.Rpc(cancellationToken));
            LogCaughtUp(logger, hold.ScheduleId, Instants.Format(late), Instants.Format(now));
        }

        await handle.UnpauseAsync($"resumed by itself at {Instants.Format(now)}; it was {HoldText.Note(hold)}", Planner.Rpc(cancellationToken));
        await AuditAsync(hold, now, cancellationToken);
        LogResumed(logger, hold.ScheduleId, HoldText.Note(hold));
    }

    /// <summary>The first due time since the end that the server passed over while the schedule was still paused; null when there is none.</summary>
    async Task<DateTimeOffset?> LateTimesAsync(ScheduleHold hold, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var applied = await store.GetAppliedScheduleAsync(installation, hold.ScheduleId, cancellationToken);
        if (applied is null || ScheduleFile.ReadResolved(applied.SourceJson).Value is not { } schedule)
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

    [LoggerMessage(1011, LogLevel.Information, "Schedule {ScheduleId} goes on: it was {Hold}")]
    static partial void LogResumed(ILogger logger, string scheduleId, string hold);

    [LoggerMessage(1012, LogLevel.Warning, "Schedule {ScheduleId} goes on late: its due times from {From} to {Until} are made up")]
    static partial void LogCaughtUp(ILogger logger, string scheduleId, string from, string until);
}

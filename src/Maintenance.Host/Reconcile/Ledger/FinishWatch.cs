using Maintenance.Records;
using Maintenance.Records.Reports;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Tells people of due times that are not finished although <c>finishBy</c> is over: once in the log and to the webhook, and as an alarm
/// while it lasts. Only open rows of the ledger are looked at. It starts from what is stored, so another steward goes on where this one
/// stopped.
/// </summary>
sealed partial class FinishWatch(IRunStore store, RunReports reports, string installation, TimeProvider time, ILogger logger)
{
    const string AlarmPrefix = "finish-by:";
    const int OpenMax = 100_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var alarms = (await store.ListAlarmsAsync(installation, cancellationToken)).Select(a => a.Name)
            .Where(n => n.StartsWith(AlarmPrefix, StringComparison.Ordinal))
            .ToHashSet();
        var lasting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in await store.ListOccurrencesAsync(
            new() { Installation = installation, Open = true, Limit = OpenMax }, cancellationToken))
        {
            if (await EndOfAsync(row, cancellationToken) is not { } end || now <= end)
                continue;
            var alarm = $"{AlarmPrefix}{row.ScheduleId}";
            lasting.Add(alarm);
            await TellAsync(row, end, alarm, isNew: alarms.Add(alarm), now, cancellationToken);
        }

        foreach (var over in alarms.Except(lasting))
            await store.ClearAlarmAsync(installation, over, cancellationToken);
    }

    /// <summary>By when it should be finished; null when nothing says so.</summary>
    async Task<DateTimeOffset?> EndOfAsync(OccurrenceRecord row, CancellationToken cancellationToken) =>
        await store.GetAppliedScheduleAsync(installation, row.ScheduleId, cancellationToken) is { } applied
        && ScheduleFile.ReadResolved(applied.SourceJson, row.ScheduleId).Value is { FinishBy: { } finishBy }
            ? row.DueAt + finishBy
            : null;

    async Task TellAsync(
        OccurrenceRecord row, DateTimeOffset end, string alarm, bool isNew, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var run = row.RunId is { } id ? (await store.FindRunAsync(id, cancellationToken)).Run : null;
        var message = $"{row.ScheduleId}, due at {Instants.Format(row.DueAt)}, should be finished by {Instants.Format(end)} and "
            + (run is null
                ? $"has not begun; `maintenance why {row.ScheduleId} {Instants.Format(row.DueAt)}` says more."
                : $"is not; `maintenance show {run.RunId}` says where it is.");
        await store.RaiseAlarmAsync(
            new Alarm { Installation = installation, Name = alarm, Message = message, Since = now, SeenAt = now }, cancellationToken);
        // The id of the message is the run's: said again, it is written once.
        if (run is not null)
            await store.EnqueueAsync(reports.OfOverdue(run, end, now), cancellationToken);
        if (isNew)
            LogOverdue(logger, message);
    }

    [LoggerMessage(1022, LogLevel.Warning, "{Message}")]
    static partial void LogOverdue(ILogger logger, string message);
}

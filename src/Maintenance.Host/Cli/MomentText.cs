using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>A moment as people write it: 2h (from now), 2026-12-24T06:00Z, or 2026-12-24T06:00 on the clock of a schedule's zone.</summary>
static class MomentText
{
    /// <exception cref="CommandFailure">It is no moment.</exception>
    public static async Task<DateTimeOffset> OfScheduleAsync(string text, IRunStore store, string installation, string scheduleId, CancellationToken cancellationToken)
    {
        var applied = await store.GetAppliedScheduleAsync(installation, scheduleId, cancellationToken);
        var zone = applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value?.TimeZone.Id;
        return Of(text, zone ?? "UTC", TimeProvider.System.GetUtcNow());
    }

    /// <summary>For looking back: a duration is so long ago.</summary>
    /// <inheritdoc cref="OfScheduleAsync"/>
    public static DateTimeOffset Past(string text)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Durations.TryParse(text, out var ago) ? now - ago : Of(text, "UTC", now);
    }

    /// <inheritdoc cref="OfScheduleAsync"/>
    public static DateTimeOffset Of(string text, string zone, DateTimeOffset now)
    {
        if (Instants.TryParse(text, out var instant))
            return instant;
        if (Durations.TryParse(text, out var duration))
            return now + duration;
        // A schedule that is due once knows what a clock change makes of a local time.
        var once = BareTiming.Read("at", text, zone);
        if (once.Ok && DueTimes.After(once.Value, DateTimeOffset.UnixEpoch).Take(1).ToList() is [var due])
            return due.Due;
        throw new CommandFailure(
            ExitCode.Usage, $"'{text}' is no time; write a duration such as 2h, a time such as {Instants.Format(now)}, or one without zone such as {now:yyyy-MM-dd'T'HH:mm}.");
    }
}

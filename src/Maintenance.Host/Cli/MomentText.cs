using System.Globalization;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>
/// A moment as people write it: 2h (from now), 2026-12-24T06:00Z, or 2026-12-24T06:00 or 06:00 on the clock of a schedule's zone.
/// </summary>
static class MomentText
{
    /// <param name="text">What was typed. A time of day without a date is the coming one.</param>
    /// <param name="back">A time of day without a date is the last one.</param>
    /// <exception cref="CommandFailure">It is no moment.</exception>
    public static async Task<DateTimeOffset> OfScheduleAsync(
        string text, IRunStore store, string installation, string scheduleId, CancellationToken cancellationToken, bool back = false)
    {
        var applied = await store.GetAppliedScheduleAsync(installation, scheduleId, cancellationToken);
        var zone = applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value?.TimeZone.Id;
        return Of(text, zone ?? "UTC", TimeProvider.System.GetUtcNow(), back);
    }

    /// <summary>For looking back: a duration is so long ago.</summary>
    /// <inheritdoc cref="OfScheduleAsync"/>
    public static DateTimeOffset Past(string text)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Durations.TryParse(text, out var ago) ? now - ago : Of(text, "UTC", now);
    }

    /// <inheritdoc cref="OfScheduleAsync"/>
    public static DateTimeOffset Of(string text, string zone, DateTimeOffset now, bool back = false)
    {
        if (Instants.TryParse(text, out var instant))
            return instant;
        if (Durations.TryParse(text, out var duration))
            return now + duration;
        if (Local(text, zone) is { } local)
            return local;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && OfDay(text, zone, now, back) is { } ofDay)
            return ofDay;
        throw new CommandFailure(
            ExitCode.Usage,
            $"'{text}' is no time; write a duration such as 2h, a time such as {Instants.Format(now)}, or one without zone such "
                + $"as {now:yyyy-MM-dd'T'HH:mm} or {now:HH:mm}.");
    }

    /// <summary>A schedule that is due once knows what a clock change makes of a local time.</summary>
    static DateTimeOffset? Local(string text, string zone) =>
        BareTiming.Read("at", text, zone) is { Ok: true, Value: { } once }
            && DueTimes.After(once, DateTimeOffset.UnixEpoch).Take(1).ToList() is [var due]
            ? due.Due
            : null;

    /// <summary>Three days hold the last and the coming time of a day in every zone.</summary>
    static DateTimeOffset? OfDay(string text, string zone, DateTimeOffset now, bool back)
    {
        var times = Enumerable.Range(-2, 5).Select(day => Local($"{now.AddDays(day):yyyy-MM-dd}T{text}", zone)).OfType<DateTimeOffset>();
        return back ? times.Where(time => time <= now).Max() : times.Where(time => time > now).Min();
    }
}

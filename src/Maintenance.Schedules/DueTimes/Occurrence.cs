namespace Maintenance.Schedules;

/// <summary>What a run that was started for a due time should do.</summary>
public abstract record OccurrenceVerdict(string Reason)
{
    /// <summary>It is a due time; <see cref="OccurrenceVerdict.Reason"/> has a note about a clock change, or is empty.</summary>
    public sealed record Due(string Reason) : OccurrenceVerdict(Reason);

    /// <summary>
    /// The schedule is not due then: somebody triggered it, or (only <paramref name="NearClockChange"/>) the server's arithmetic went
    /// wrong.
    /// </summary>
    public sealed record NotDue(string Reason, bool NearClockChange) : OccurrenceVerdict(Reason);

    /// <summary>A local time that comes twice, and the other pass is the one that runs.</summary>
    public sealed record Merged(string Reason) : OccurrenceVerdict(Reason);

    /// <summary>Due, but later than <c>startBy</c> allows.</summary>
    public sealed record TooLate(string Reason) : OccurrenceVerdict(Reason);
}

/// <summary>
/// The check at the start of a run: is its nominal time really a due time? Not for workflow code, because hosts may have different tz data;
/// the verdict belongs into an activity's result, together with <see cref="Zones.DataVersion"/>.
/// </summary>
public static class Occurrence
{
    // Each minute of a gap of three hours, and the time itself.
    const int LostRunsMax = 181;

    // What the real server was seen to do wrong lay within two hours of a change; a skipped day is longer.
    const int Near = 26 * 3600;

    /// <param name="resolved"><see cref="Schedule.ResolvedJson"/> as applied.</param>
    public static OccurrenceVerdict Check(string resolved, DateTimeOffset nominal, DateTimeOffset now)
    {
        var read = ScheduleFile.ReadResolved(resolved);
        return read.Ok
            ? Check(read.Value, nominal, now)
            : throw new ArgumentException($"The applied schedule cannot be read: {read.Problems[0]}", nameof(resolved));
    }

    public static OccurrenceVerdict Check(Schedule schedule, DateTimeOffset nominal, DateTimeOffset now)
    {
        var second = nominal.ToUnixTimeSeconds();
        // Lost times may have runs of their own in the minutes after the change, hence the look back.
        var events = DueTimes.Events(schedule, second - LostRunsMax).TakeWhile(e => e.At <= second).ToList();
        if (events.FirstOrDefault(e => e.Kind == TimingEventKind.Due && second < e.At + e.Runs) is { Runs: > 0 } due)
            return Late(schedule, nominal, now) is { } late ? late : new OccurrenceVerdict.Due(DueNotes.Of(schedule, due) ?? "");
        if (events.FirstOrDefault(e => e.At == second) is { At: not 0 } other)
        {
            var near = NearClockChange(schedule, second);
            var reason = DueNotes.Of(schedule, other) ?? "";
            return other.Kind == TimingEventKind.PassSkipped
                ? new OccurrenceVerdict.Merged(reason)
                : new OccurrenceVerdict.NotDue(reason, near);
        }

        return new OccurrenceVerdict.NotDue(
            $"{Instants.Format(nominal)} is no due time of {schedule.Id} ({TimingSentence.Of(schedule)}).",
            NearClockChange(schedule, second));
    }

    static bool NearClockChange(Schedule schedule, long second) =>
        schedule.Timings.OfType<FieldsTiming>().Any(t => t.Zone.Periods(second - Near, second + Near).Skip(1).Any());

    static OccurrenceVerdict.TooLate? Late(Schedule schedule, DateTimeOffset nominal, DateTimeOffset now) =>
        schedule.StartBy is { } startBy && now - nominal > startBy
            ? new OccurrenceVerdict.TooLate(
                $"It was due at {Instants.Format(nominal)} and could start {Durations.Format(now - nominal)} later, beyond "
                    + $"startBy {Durations.Format(startBy)}.")
            : null;
}

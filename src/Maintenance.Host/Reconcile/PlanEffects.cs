using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// What a plan does to the due times of the coming days: of each changed schedule, and of all together. Only <c>plan</c> needs to know, and it
/// costs a look at every due time of the period, so <c>apply</c> does without.
/// </summary>
sealed record PlanEffects(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, DueTimeChanges> Changes, int NewCollisions, IReadOnlyList<LoadPeak> NewPeaks)
{
    public const int DaysDefault = 90;
    const int PeaksKept = 100;

    public int Days => (int)(To - From).TotalDays;

    public static PlanEffects Of(ReconcilePlan plan, DateTimeOffset now, int days)
    {
        var to = now.AddDays(days);
        var changed = plan.Changes.Where(c => c.Changes).Select(c => (c.Id, Before: Recorded(c.Applied), After: c.Desired?.Schedule)).ToList();
        var effects = changed.AsParallel().Select(c => (c.Id, Effect: DueTimeChanges.Between(c.Before, c.After, now, to)))
            .ToDictionary(c => c.Id, c => c.Effect, StringComparer.Ordinal);
        var moved = changed.Where(c => effects[c.Id].Any).ToList();
        if (moved.Count == 0)
            return new PlanEffects(now, to, effects, 0, []);

        var ids = moved.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        var load = MinuteLoad.Of(
            [.. plan.Desired.Set.Schedules.Where(s => !ids.Contains(s.Id))],
            [.. moved.Select(c => c.Before).OfType<Schedule>()],
            [.. moved.Select(c => c.After).OfType<Schedule>()],
            now,
            to);
        return new PlanEffects(now, to, effects, load.NewCollisions, load.NewPeaks(PeaksKept));
    }

    static Schedule? Recorded(AppliedSchedule? applied) => applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value;
}

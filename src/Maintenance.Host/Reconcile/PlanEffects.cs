using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// What a plan does to the due times of the coming days: of each changed schedule, and of all together. Only <c>plan</c> needs to know, and
/// it costs a look at every due time of the period, so <c>apply</c> does without.
/// </summary>
sealed record PlanEffects(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, DueTimeChanges> Changes, int NewCollisions,
    IReadOnlyList<LoadPeak> NewPeaks)
{
    public const int DaysDefault = 90;
    const int PeaksKept = 100;

    public int Days => (int)(To - From).TotalDays;

    public static PlanEffects Of(ReconcilePlan plan, DateTimeOffset now, int days)
    {
        var to = now.AddDays(days);
        var changed = plan.Changes.Where(c => c.Changes).Select(BeforeAndAfter).ToList();
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

    /// <summary>
    /// The same entry with another list of due times on the server was applied with other time zone data, or a quarter ago: what the server
    /// was told then is read from it, because today's data would compute today's times.
    /// </summary>
    static (string Id, Schedule? Before, Schedule? After) BeforeAndAfter(ScheduleChange change)
    {
        var (before, after) = (change.Found ?? Recorded(change.Applied), change.Desired?.Schedule);
        if (before is null || change.Desired is not { Spec: var spec } || before.ResolvedJson != after!.ResolvedJson
            || !WasListed(spec, change.Differences))
            return (change.Id, before, after);
        return (
            change.Id,
            ListedTimes.On(before, ListedTimes.Before(spec.Calendars, change.Differences)),
            spec.Form == SpecForm.Listed ? ListedTimes.On(after, spec.Calendars) : after);
    }

    static bool WasListed(TemporalSpec spec, IReadOnlyList<string> differences)
    {
        var zone = differences.FirstOrDefault(d => d.StartsWith("- zone=", StringComparison.Ordinal));
        return zone is null ? spec.Form == SpecForm.Listed : zone.StartsWith("- zone=UTC ", StringComparison.Ordinal);
    }

    static Schedule? Recorded(AppliedSchedule? applied) => applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value;
}

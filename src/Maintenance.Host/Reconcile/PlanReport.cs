using System.Globalization;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>A plan as lines for people: what happens to each schedule, to its due times, and where starts pile up anew.</summary>
static class PlanReport
{
    const int LoadDays = 7;
    const int PeaksShown = 3;

    /// <summary>Fewer schedules in one minute are no news.</summary>
    const int PeakMin = 2;

    public static IReadOnlyList<string> Lines(ReconcilePlan plan, DateTimeOffset now)
    {
        var lines = new List<string>();
        foreach (var change in plan.Changes)
            lines.AddRange(Of(change));
        if (plan.JobsChanged.Count > 0)
            lines.Add($"jobs to publish: {string.Join(", ", plan.JobsChanged)}");
        if (plan.JobsRemoved.Count > 0)
            lines.Add($"jobs that can no longer be started: {string.Join(", ", plan.JobsRemoved)}");
        lines.AddRange(NewPeaks(plan, now).Select(p => $"load: {p.Schedules.Count} start at {Instants.Format(p.Minute)}: {string.Join(", ", p.Schedules)}"));
        if (!plan.HasChanges && !plan.HasRefused)
            lines.Add("no changes");
        return lines;
    }

    /// <summary>The fullest minutes of the next week in which a new or changed schedule takes part.</summary>
    public static IReadOnlyList<LoadPeak> NewPeaks(ReconcilePlan plan, DateTimeOffset now)
    {
        var changed = plan.Changes.Where(c => c.Kind is ChangeKind.Create or ChangeKind.Update && c.Effect is { Any: true }).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0)
            return [];
        return [.. MinuteLoad.Peaks(plan.Desired.Set.Schedules, now, now.AddDays(LoadDays), PeaksShown)
            .Where(p => p.Schedules.Count >= PeakMin && p.Schedules.Any(changed.Contains))];
    }

    static IEnumerable<string> Of(ScheduleChange change)
    {
        var kept = change.Paused ? $" (stays paused: {(string.IsNullOrEmpty(change.Note) ? "no note" : change.Note)})" : "";
        switch (change.Kind)
        {
            case ChangeKind.Create:
                yield return $"+ create {change.Id}: {Sentence(change)}";
                break;
            case ChangeKind.Update:
                yield return $"~ update {change.Id}: {string.Join(", ", What(change.Differences))}; {Sentence(change)}{kept}";
                break;
            case ChangeKind.Delete:
                yield return $"- delete {change.Id}: {change.Differences[0]}";
                break;
            case ChangeKind.Refused:
                yield return $"! refused {change.Id}: {change.Differences[0]}";
                break;
            case ChangeKind.Unchanged:
                if (change.Paused)
                    yield return $"= paused {change.Id}: {(string.IsNullOrEmpty(change.Note) ? "no note" : change.Note)}";
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.Kind, null);
        }

        if (change.Effect is { Any: true } effect)
            yield return $"    next {Planner.EffectDays} days: {Effect(effect)}";
    }

    static string Sentence(ScheduleChange change) =>
        change.Desired is { Schedule: var schedule } ? $"{schedule.Job} {TimingSentence.Of(schedule)}" : "";

    static string Effect(DueTimeChanges effect)
    {
        List<string> parts = [$"{effect.After} due times, {effect.Before} before"];
        if (effect.Removed > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{effect.Removed} go (first {Instants.Format(effect.FirstRemoved[0])})"));
        if (effect.Added > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{effect.Added} come (first {Instants.Format(effect.FirstAdded[0])})"));
        if (effect.MovedIntoExcluded > 0)
            parts.Add($"{effect.MovedIntoExcluded} fall into excluded windows");
        return string.Join("; ", parts);
    }

    /// <summary>The canonical lines that differ, as the parts of a schedule that a person would name.</summary>
    static IEnumerable<string> What(IReadOnlyList<string> differences) => differences.Select(d => d[2..]).Select(line => line switch
    {
        _ when line.StartsWith("arg=", StringComparison.Ordinal) => "input",
        _ when line.StartsWith($"memo.{RunMemo.Bundle}", StringComparison.Ordinal) => "job files",
        _ when line.StartsWith($"memo.{ScheduleMemo.Paused}", StringComparison.Ordinal) => "pause",
        _ when line.StartsWith("memo.", StringComparison.Ordinal) => "entry",
        _ when line.StartsWith("overlap=", StringComparison.Ordinal) => "policies",
        _ when line.StartsWith("workflow=", StringComparison.Ordinal) => "job",
        _ => "timing",
    }).Distinct().Order(StringComparer.Ordinal);
}

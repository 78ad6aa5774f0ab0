using System.Globalization;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>A plan as lines for people: what happens to each schedule and its due times, to the jobs' files, and where starts pile up anew.</summary>
static class PlanReport
{
    const int PeaksShown = 3;
    const int ChangesShown = 200;
    const int FilesShown = 20;
    const int NamesShown = 10;

    public static IReadOnlyList<string> Lines(ReconcilePlan plan, PlanEffects effects, IReadOnlyList<ScheduleHold> holds)
    {
        var lines = new List<string>();
        var told = plan.Changes.Where(c => c.Kind != ChangeKind.Unchanged || c.Paused).ToList();
        foreach (var change in told.Take(ChangesShown))
            lines.AddRange(Of(change, effects));
        if (told.Count > ChangesShown)
            lines.Add($"… and {told.Count - ChangesShown} more; `--json` lists them all");
        // A hold whose note the schedule has is told with the schedule.
        lines.AddRange(holds.Where(hold => !told.Any(c => c.Id == hold.ScheduleId && c.Note == HoldText.Note(hold))).Select(HoldText.Of));
        foreach (var job in plan.JobsChanged)
            lines.AddRange(Of(job));
        if (plan.PeopleChanged is { } people)
            lines.Add($"people.json to publish: {people.HashBefore?[..12] ?? "new"} → {people.HashAfter[..12]}");
        if (plan.JobsRemoved.Count > 0)
            lines.Add($"jobs that can no longer be started: {string.Join(", ", plan.JobsRemoved)}");
        lines.AddRange(plan.Resources.Where(r => r.Kind != ChangeKind.Unchanged).Select(Of));
        lines.AddRange(plan.ResourcesLeft.Select(id =>
            $"resource {id} is not in the file any more and lives on; `maintenance resources decommission {id} --reason …` takes it away"));
        if (plan.OtherTimeZoneData is { Count: > 0 } versions)
            lines.Add($"time zone data: applied with {string.Join(", ", versions)}, now {Zones.DataVersion}");
        lines.AddRange(Load(effects));
        if (!plan.HasChanges && !plan.HasRefused)
            lines.Add("no changes");
        return lines;
    }

    static IEnumerable<string> Load(PlanEffects effects)
    {
        if (effects.NewCollisions == 0)
            yield break;
        yield return $"load: {effects.NewCollisions} minutes of the next {effects.Days} days get more starts than before; the fullest:";
        foreach (var peak in effects.NewPeaks.Take(PeaksShown))
        {
            var rest = peak.Starts > NamesShown ? ", …" : "";
            yield return $"    {peak.Starts} start at {Instants.Format(peak.Minute)}, {peak.Before} before: {string.Join(", ", peak.Schedules.Take(NamesShown))}{rest}";
        }
    }

    static IEnumerable<string> Of(ScheduleChange change, PlanEffects effects)
    {
        var note = string.IsNullOrEmpty(change.Note) ? "no note" : change.Note;
        yield return change.Kind switch
        {
            ChangeKind.Create => $"+ create {change.Id}: {Sentence(change)}",
            ChangeKind.Update when change.Adopted => $"~ adopt {change.Id}: {string.Join(", ", What(change))}; {Sentence(change)}{(change.Paused ? $" (stays paused: {note})" : "")}",
            ChangeKind.Update => $"~ update {change.Id}: {string.Join(", ", What(change))}; {Sentence(change)}{(change.Paused ? $" (stays paused: {note})" : "")}",
            ChangeKind.Delete => $"- delete {change.Id}: {change.Differences[0]}",
            ChangeKind.Refused => $"! refused {change.Id}: {change.Differences[0]}",
            ChangeKind.Unchanged => $"= paused {change.Id}: {note}",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Kind, null),
        };
        if (effects.Changes.GetValueOrDefault(change.Id) is { Any: true } effect)
            yield return $"    next {effects.Days} days: {Effect(effect)}";
    }

    static string Of(ResourceChange resource) => resource.Kind switch
    {
        ChangeKind.Create => $"+ declare resource {resource.Id}: {resource.Desired.Kind}",
        ChangeKind.Update => $"~ declare resource {resource.Id} anew",
        _ => $"! refused resource {resource.Id}: it {resource.Refusal}",
    };

    static IEnumerable<string> Of(JobChange job)
    {
        var rest = job.Files.Count > FilesShown ? ", …" : "";
        var bundle = $"{job.BundleBefore?[..Math.Min(12, job.BundleBefore.Length)] ?? "new"} → {job.BundleAfter[..Math.Min(12, job.BundleAfter.Length)]}";
        yield return $"job to publish: {job.Job} ({bundle}): {string.Join(", ", job.Files.Take(FilesShown))}{rest}";
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
        if (effect.MovedOutOfExcluded > 0)
            parts.Add($"{effect.MovedOutOfExcluded} leave excluded windows");
        return string.Join("; ", parts);
    }

    /// <summary>The canonical lines that differ, as the parts of a schedule that a person would name.</summary>
    static IEnumerable<string> What(ScheduleChange change)
    {
        var parts = change.Differences.Select(d => d[2..]).Select(Part).Distinct().Order(StringComparer.Ordinal).ToList();
        // The entry is the same and its times on the server are not: the list of its due times is made anew, or rests on other tz data.
        if (!parts.Contains("timing") || change.Applied is not { } applied || applied.SourceJson != change.Desired?.Schedule.ResolvedJson)
            return parts;
        var why = applied.TimeZoneVersion == Zones.DataVersion ? "its list of due times is renewed" : $"time zone data {applied.TimeZoneVersion} → {Zones.DataVersion}";
        return parts.Select(part => part == "timing" ? $"timing ({why})" : part);
    }

    static string Part(string line) => line switch
    {
        _ when line.StartsWith("arg=", StringComparison.Ordinal) => "input",
        _ when line.StartsWith($"memo.{RunMemo.Bundle}", StringComparison.Ordinal) => "job files",
        _ when line.StartsWith($"memo.{ScheduleMemo.Paused}", StringComparison.Ordinal) => "pause",
        _ when line.StartsWith("memo.", StringComparison.Ordinal) => "entry",
        _ when line.StartsWith("overlap=", StringComparison.Ordinal) => "policies",
        _ when line.StartsWith("owner=", StringComparison.Ordinal) => "owner",
        _ when line.StartsWith("ends after=", StringComparison.Ordinal) => "end",
        _ when line.StartsWith("workflow=", StringComparison.Ordinal) => "job",
        _ => "timing",
    };
}

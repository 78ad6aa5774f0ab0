using Maintenance.Host.Reconcile;

namespace Maintenance.Host.Cli;

/// <summary>What an apply does or did, for people.</summary>
static class PlanText
{
    const int NamesShown = 5;

    /// <summary>One line: how many schedules and jobs of each kind, with the first names.</summary>
    public static string Summary(ReconcilePlan plan)
    {
        (string Word, IReadOnlyList<string> Names)[] parts =
        [
            ("created", Ids(plan, ChangeKind.Create)),
            ("updated", [.. plan.Of(ChangeKind.Update).Where(change => !change.Adopted).Select(change => change.Id)]),
            ("adopted", [.. plan.Of(ChangeKind.Update).Where(change => change.Adopted).Select(change => change.Id)]),
            ("deleted", Ids(plan, ChangeKind.Delete)),
            ("published jobs", [.. plan.JobsChanged.Select(job => job.Job)]), ("removed jobs", plan.JobsRemoved),
            ("declared resources", [.. plan.Resources.Where(resource => resource.Changes).Select(resource => resource.Id)]),
            ("published", plan.PeopleChanged is null ? [] : ["people.json"]),
        ];
        var said = parts.Where(part => part.Names.Count > 0)
            .Select(part => $"{part.Word} {part.Names.Count} ({Names(part.Names)})")
            .ToList();
        return said.Count == 0 ? "no changes" : string.Join(", ", said);
    }

    static List<string> Ids(ReconcilePlan plan, ChangeKind kind) => [.. plan.Of(kind).Select(change => change.Id)];

    static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
}

using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Which hosts of an inventory a selection means. Pure, because the workflow replays it.</summary>
static class HostChoice
{
    /// <param name="resolve">Gives references their values; a value may be a list.</param>
    public static IReadOnlyList<InventoryHost> Of(Inventory inventory, HostSelection selection, Func<string, string> resolve)
    {
        var names = Names(selection.Names, resolve);
        var except = Names(selection.Except, resolve);
        return
        [
            .. inventory.Hosts.Where(h =>
                selection.Labels.All(l => h.Labels.GetValueOrDefault(l.Key) == l.Value)
                && (selection.Group is null || h.Groups.Contains(selection.Group))
                && (selection.Names.Count == 0 || names.Contains(h.Name))
                && !except.Contains(h.Name)),
        ];
    }

    /// <summary>Names that the inventory does not have: a slip that would silently leave a host out.</summary>
    public static IReadOnlyList<string> Unknown(Inventory inventory, HostSelection selection, Func<string, string> resolve) =>
        [.. Names([.. selection.Names, .. selection.Except], resolve).Where(n => inventory.Hosts.All(h => h.Name != n))];

    static HashSet<string> Names(IReadOnlyList<string> texts, Func<string, string> resolve) =>
        [.. texts.SelectMany(t => t.Contains("${", StringComparison.Ordinal) ? TargetList.Parse(resolve(t)) : [t])];

    /// <summary>What can be known before the run: groups, labels and written names exist.</summary>
    public static void Check(Inventory inventory, HostSelection selection, Node node, ProblemList problems)
    {
        var groups = inventory.Hosts.SelectMany(h => h.Groups).Distinct().ToList();
        if (selection.Group is { } group && !groups.Contains(group))
            problems.Add(
                node.Find("group") ?? node, JobCodes.UnknownReference, $"There is no group '{group}' in the inventory.",
                NearestName.Suggest(group, groups));
        foreach (var label in selection.Labels)
        {
            var values = inventory.Hosts.Select(h => h.Labels.GetValueOrDefault(label.Key)).OfType<string>().Distinct().ToList();
            if (!values.Contains(label.Value))
                problems.Add(
                    node.Find("labels")?.Find(label.Key) ?? node, JobCodes.UnknownReference,
                    $"No host has the label {label.Key}={label.Value}.", NearestName.Suggest(label.Value, values));
        }

        var names = inventory.Hosts.Select(h => h.Name).ToList();
        foreach (var name in (node.Find("names")?.Items ?? []).Concat(node.Find("except")?.Items ?? []))
        {
            if (!name.Text.Contains("${", StringComparison.Ordinal) && !names.Contains(name.Text))
                problems.Add(
                    name, JobCodes.UnknownReference, $"There is no host '{name.Text}' in the inventory.",
                    NearestName.Suggest(name.Text, names));
        }
    }
}

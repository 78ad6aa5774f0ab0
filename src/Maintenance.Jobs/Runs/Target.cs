using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Runs;

/// <summary>One item of a step with <c>forEach</c>. The label names it in records and activities, and is unique within its step.</summary>
public sealed record Target(string Label, string Item, InventoryHost? Host)
{
    const int LabelLengthMax = 40;

    public static IReadOnlyList<Target> OfItems(IReadOnlyList<string> items) => Name([.. items.Select(i => (i, (InventoryHost?)null))]);

    public static IReadOnlyList<Target> OfHosts(IReadOnlyList<InventoryHost> hosts) =>
        Name([.. hosts.Select(h => (h.Name, (InventoryHost?)h))]);

    /// <summary>The name of a target's record: the step's name with the label.</summary>
    public string RecordName(string step) => $"{step}[{Label}]";

    static List<Target> Name(IReadOnlyList<(string Item, InventoryHost? Host)> items)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var targets = new List<Target>(items.Count);
        foreach (var (item, host) in items)
        {
            var plain = new string(
                [
                    .. item.Take(LabelLengthMax).Select(
                        c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '@' or '/' ? c : '_'),
                ]);
            var label = plain.Length == 0 ? "_" : plain;
            for (var n = 2; !used.Add(label); n++)
                label = $"{plain}~{n}";
            targets.Add(new Target(label, item, host));
        }

        return targets;
    }
}

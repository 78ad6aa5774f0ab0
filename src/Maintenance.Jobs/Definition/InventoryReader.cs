using System.Text.RegularExpressions;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads <c>jobs/hosts.json</c>: hosts with labels, groups, and groups of which never too many are worked on at once.</summary>
public static partial class InventoryReader
{
    internal const int HostsMax = 5000;

    public static ReadResult<Inventory> Read(string text, string path)
    {
        var problems = new ProblemList(path, "HST");
        if (NodeParser.Parse(text, problems) is not { } root
            || ObjectReader.Open(root, problems, "the inventory, an object") is not { } reader)
            return problems.Result<Inventory>(null);

        var hosts = ReadHosts(reader, problems);
        var names = hosts.Select(h => h.Name).ToList();
        var groups = ReadGroups(reader, names, problems);
        var inventory = new Inventory
        {
            Hosts = [.. hosts.Select(h => h with { Groups = [.. groups.Where(g => g.Hosts.Contains(h.Name)).Select(g => g.Name)] })],
            Quorums = ReadQuorums(reader, names, groups, problems),
        };
        reader.Close();
        return problems.Result(inventory);
    }

    static List<InventoryHost> ReadHosts(ObjectReader reader, ProblemList problems)
    {
        var hosts = new List<InventoryHost>();
        _ = reader.Required("hosts");
        foreach (var member in reader.Members("hosts"))
        {
            if (!HostPattern().IsMatch(member.Name))
                problems.Add(
                    member.NamePosition, ReadingCodes.BadName, member.Value.Path, $"'{member.Name}' is no name for a host.",
                    "Use letters, digits, '.', '-' and '_', at most 60 characters.");
            if (ObjectReader.Open(member.Value, problems, "a host, an object") is not { } host)
                continue;
            var id = host.String("id") ?? member.Name;
            if (hosts.Find(h => h.Id == id) is { } other)
                problems.Add(
                    member.Value, JobCodes.DuplicateName, $"The host '{other.Name}' has the id '{id}' already.",
                    "Give each host an id of its own.");
            hosts.Add(new InventoryHost { Name = member.Name, Id = id, Labels = host.StringMap("labels") });
            host.Close();
        }

        if (hosts.Count > HostsMax)
            problems.Add(
                reader.Node, ReadingCodes.OutOfRange, $"There are {hosts.Count} hosts; at most {HostsMax} are allowed.",
                "Divide the inventory.");
        return hosts;
    }

    static List<QuorumGroup> ReadGroups(ObjectReader reader, List<string> hosts, ProblemList problems)
    {
        var groups = new List<QuorumGroup>();
        foreach (var member in reader.Members("groups"))
            groups.Add(new QuorumGroup { Name = member.Name, Hosts = ReadNames(member.Value, hosts, problems) });
        return groups;
    }

    static List<QuorumGroup> ReadQuorums(ObjectReader reader, List<string> hosts, List<QuorumGroup> groups, ProblemList problems)
    {
        var quorums = new List<QuorumGroup>();
        foreach (var member in reader.Members("quorums"))
        {
            if (ObjectReader.Open(member.Value, problems, "a quorum, an object") is not { } quorum)
                continue;
            var members = quorum.Value("hosts") is { } list ? ReadNames(list, hosts, problems) : [];
            if (quorum.String("group") is { } name)
            {
                if (groups.Find(g => g.Name == name) is { } group)
                    members = [.. members.Union(group.Hosts)];
                else
                    problems.Add(
                        quorum.Value("group")!, JobCodes.UnknownReference, $"There is no group '{name}'.",
                        NearestName.Suggest(name, [.. groups.Select(g => g.Name)]));
            }

            quorums.Add(new QuorumGroup { Name = member.Name, Hosts = members, Down = quorum.Int("down", 1, HostsMax) ?? 1 });
            if (quorum.Value("hosts") is null && quorum.Value("group") is null)
                problems.Add(
                    member.Value, ReadingCodes.MissingMember, "The quorum names no hosts.",
                    """Add "hosts": ["a", "b"] or "group": "NAME".""");
            quorum.Close();
        }

        return quorums;
    }

    static List<string> ReadNames(Node node, List<string> hosts, ProblemList problems)
    {
        if (node.Kind != NodeKind.Array)
            problems.Add(
                node, ReadingCodes.WrongType, $"Expected a list of hosts, found {node.Describe()}.", """Write ["web-1", "web-2"].""");
        foreach (var item in node.Items.Where(i => !hosts.Contains(i.Text)))
            problems.Add(item, JobCodes.UnknownReference, $"There is no host '{item.Text}'.", NearestName.Suggest(item.Text, hosts));
        return [.. node.Items.Select(i => i.Text).Distinct()];
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex HostPattern();
}

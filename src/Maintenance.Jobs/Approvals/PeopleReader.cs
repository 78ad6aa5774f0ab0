using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Approvals;

/// <summary>Reads <c>jobs/people.json</c>; everything that is wrong is reported at once (PPL…).</summary>
public static partial class PeopleReader
{
    const int BadKey = 22;
    const int BadPeriod = 23;
    const int PeopleMax = 5000;

    /// <summary>What an installation without people.json has.</summary>
    public const string Empty = """{ "people": {} }""";

    public static ReadResult<People> Read(string text, string path)
    {
        var problems = new ProblemList(path, "PPL");
        if (NodeParser.Parse(text, problems) is not { } root
            || ObjectReader.Open(root, problems, "the people, an object") is not { } reader)
            return problems.Result<People>(null);
        var all = ReadPeople(reader, problems);
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var member in reader.Members("groups"))
        {
            CheckName(member, "a group", problems);
            groups[member.Name] = ReadMembers(member.Value, all, problems);
        }

        var people = new People
        {
            All = all,
            Groups = groups,
            Delegations = [.. reader.List("delegations").Select(d => ReadDelegation(d, all, problems)).OfType<Delegation>()],
        };
        reader.Close();
        return problems.Result(people);
    }

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    static Dictionary<string, Person> ReadPeople(ObjectReader reader, ProblemList problems)
    {
        var all = new Dictionary<string, Person>(StringComparer.Ordinal);
        var (keys, accounts) = (new Dictionary<string, string>(), new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        _ = reader.Required("people");
        foreach (var member in reader.Members("people"))
        {
            CheckName(member, "a person", problems);
            Claim(accounts, member.Name, member.Name, member.Value, "is called", problems);
            if (ObjectReader.Open(member.Value, problems, "a person, an object") is not { } person)
                continue;
            var read = new Person(
                member.Name, [.. person.List("keys").Select(k => ReadKey(k, member.Name, keys, problems)).OfType<PublicKey>()],
                person.Strings("logins"));
            foreach (var login in person.List("logins").Where(l => !string.Equals(l.Text, member.Name, StringComparison.OrdinalIgnoreCase)))
                Claim(accounts, login.Text, member.Name, login, "has the account", problems);
            person.Close();
            all[member.Name] = read;
        }

        if (all.Count > PeopleMax)
            problems.Add(reader.Node, ReadingCodes.OutOfRange, $"There are {all.Count} people; at most {PeopleMax} are allowed.");
        return all;
    }

    static PublicKey? ReadKey(Node node, string person, Dictionary<string, string> owners, ProblemList problems)
    {
        if (node.Kind != NodeKind.String || !PublicKey.TryRead(node.Text, out var key))
        {
            problems.Add(
                node, BadKey, $"Expected a public key, found {node.Describe()}.",
                "Write what `maintenance people key NAME` prints: base64 of a P-256 key.");
            return null;
        }

        Claim(owners, key.Text, person, node, "has the key", problems);
        return key;
    }

    /// <summary>What proves or names one person cannot be another's too.</summary>
    static void Claim(Dictionary<string, string> owners, string what, string person, Node node, string verb, ProblemList problems)
    {
        if (!owners.TryAdd(what, person))
            problems.Add(
                node, JobCodes.DuplicateName, $"{owners[what]} {verb} '{(what.Length > 40 ? what[..40] + "…" : what)}' already.",
                "Give it to one of the two.");
    }

    static IReadOnlyList<string> ReadMembers(Node node, Dictionary<string, Person> all, ProblemList problems)
    {
        if (node.Kind != NodeKind.Array || node.Items.Count == 0)
            problems.Add(
                node, ReadingCodes.WrongType, $"Expected the names of people, found {node.Describe()}.",
                """Write ["ann", "bob"]; a group cannot be empty and cannot hold groups.""");
        foreach (var item in node.Items)
            CheckKnown(item, all, problems);
        return [.. node.Items.Select(i => i.Text).Distinct()];
    }

    static Delegation? ReadDelegation(Node node, Dictionary<string, Person> all, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "a delegation, an object") is not { } reader)
            return null;
        foreach (var name in new[] { reader.Required("of"), reader.Required("to") }.OfType<Node>())
            CheckKnown(name, all, problems);
        var read = new Delegation(
            reader.String("of") ?? "", reader.String("to") ?? "", ReadDay(reader.Required("from"), problems),
            ReadDay(reader.Required("until"), problems));
        if (read.Until < read.From)
            problems.Add(
                reader.Value("until")!, BadPeriod, $"It ends on {read.Until:yyyy-MM-dd}, before it begins.", "Exchange the two days.");
        if (read.Of == read.To && read.Of.Length > 0)
            problems.Add(node, BadPeriod, $"'{read.Of}' cannot stand in for '{read.Of}'.", "Name two people.");
        reader.Close();
        return read;
    }

    static DateOnly ReadDay(Node? node, ProblemList problems)
    {
        if (node is { Kind: NodeKind.String }
            && DateOnly.TryParseExact(node.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        if (node is not null)
            problems.Add(node, BadPeriod, $"Expected a day, found {node.Describe()}.", "Write it as 2026-12-24; it is a day in UTC.");
        return DateOnly.MinValue;
    }

    static void CheckKnown(Node node, Dictionary<string, Person> all, ProblemList problems)
    {
        if (node.Kind != NodeKind.String || !all.ContainsKey(node.Text))
            problems.Add(
                node, JobCodes.UnknownReference, $"There is no person {(node.Kind == NodeKind.String ? $"'{node.Text}'" : node.Describe())}.",
                NearestName.Suggest(node.Text, [.. all.Keys]));
    }

    static void CheckName(NodeMember member, string what, ProblemList problems)
    {
        if (!IsName(member.Name))
            problems.Add(
                member.NamePosition, ReadingCodes.BadName, member.Value.Path, $"'{member.Name}' is no name for {what}.",
                "Use letters, digits, '.', '-' and '_', at most 60 characters.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex NamePattern();
}

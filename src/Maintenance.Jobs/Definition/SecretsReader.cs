using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// Reads the member <c>secrets</c> of a script: variables whose values are looked up on the host. A place is a text (see <see
/// cref="SecretReader"/>) or a command to run there, <c>{ "command": ["/usr/bin/pass", "show", "db"] }</c>.
/// </summary>
static class SecretsReader
{
    static readonly TimeSpan _timeoutMax = TimeSpan.FromMinutes(5);

    public static IReadOnlyDictionary<string, string> Read(ObjectReader reader, KnownReferences known, ProblemList problems)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in reader.Members("secrets"))
        {
            if (PlaceOf(member, known, problems) is { } place)
                secrets[member.Name] = place;
        }

        return secrets;
    }

    static string? PlaceOf(NodeMember member, KnownReferences known, ProblemList problems)
    {
        switch (member.Value.Kind)
        {
            case NodeKind.Object:
                return ReadCommand(member.Value, problems);
            case NodeKind.String:
                SecretReader.Check(member.Value, known, problems, $"The secret {member.Name}");
                return member.Value.Text;
            default:
                problems.Add(
                    member.Value, ReadingCodes.WrongType, $"Expected the place of a secret, found {member.Value.Describe()}.",
                    "Write a text, or { \"command\": [\"/path/of/program\"] }.");
                return null;
        }
    }

    static string? ReadCommand(Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems) is not { } reader)
            return null;
        var command = reader.Strings("command");
        _ = reader.Required("command");
        var timeout = reader.Duration("timeout", TimeSpan.FromSeconds(1), _timeoutMax) ?? SecretPlace.CommandTimeout;
        reader.Close();
        if (command.Count > 0 && command[0].StartsWith('/') && !command.Any(part => part.Contains("${", StringComparison.Ordinal)))
            return SecretPlace.OfCommand(command, timeout);
        problems.Add(
            node, JobCodes.BadSecret,
            "A command that tells a secret is a list that begins with the full path of a program; nothing in it is replaced.",
            "Write { \"command\": [\"/usr/bin/pass\", \"show\", \"db\"] }.");
        return null;
    }
}

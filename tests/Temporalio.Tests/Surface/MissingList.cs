using System.Reflection;
using System.Text;

namespace Temporalio.Tests.Surface;

/// <summary>What the official package has and this one lacks, by namespace: whole types, then members of types that are there.</summary>
static class MissingList
{
    public const string Heading = "## What is missing, one by one";

    /// <summary>The section as it has to stand in the document.</summary>
    public static string Text(IEnumerable<string> official, IEnumerable<Assembly> assemblies)
    {
        var ours = assemblies.SelectMany(SurfaceListing.Of).Select(SurfaceListing.Comparable).ToHashSet(StringComparer.Ordinal);
        var listing = official.Where(line => line[0] != '#').Select(SurfaceListing.Comparable).ToList();
        var types = listing.Where(line => line[0] == 'T').Select(TypeOf).ToHashSet(StringComparer.Ordinal);
        var there = ours.Where(line => line[0] == 'T').Select(TypeOf).ToHashSet(StringComparer.Ordinal);

        var missingTypes = types.Except(there).ToLookup(type => NamespaceOf(type, types), type => Short(type, types));
        var missingMembers = listing.Where(line => line[0] != 'T' && !ours.Contains(line))
            .Select(line => (Owner: OwnerOf(line, types), Line: line))
            .Where(member => there.Contains(member.Owner))
            .Select(member => (Namespace: NamespaceOf(member.Owner, types), Name: $"{Short(member.Owner, types)}.{NameOf(member.Line, member.Owner)}"))
            .ToLookup(member => member.Namespace, member => member.Name);

        var text = new StringBuilder($"{Heading}\n");
        foreach (var area in missingTypes.Select(group => group.Key).Union(missingMembers.Select(group => group.Key)).Order(StringComparer.Ordinal))
        {
            text.Append($"\n### {area}\n");
            Append(text, "Types", missingTypes[area]);
            Append(text, "Members", missingMembers[area]);
        }

        return text.ToString();
    }

    static void Append(StringBuilder text, string what, IEnumerable<string> names)
    {
        var sorted = names.Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`").ToList();
        if (sorted.Count > 0)
            text.Append($"\n{what}: {string.Join(", ", sorted)}.\n");
    }

    static string TypeOf(string line) => line[2..].Split(" :: ")[0];

    /// <summary>The longest type whose name the line begins with.</summary>
    static string OwnerOf(string line, HashSet<string> types)
    {
        var name = line[2..];
        for (var dot = name.Length; dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (types.Contains(name[..dot]))
                return name[..dot];
        }

        throw new FormatException($"No type of the listing has the member '{line}'.");
    }

    /// <summary>Methods and constructors with parentheses; overloads have one name.</summary>
    static string NameOf(string line, string owner)
    {
        var name = line[(2 + owner.Length + 1)..].Split([" :: ", " = "], 2, StringSplitOptions.None)[0];
        return name.IndexOf('(', StringComparison.Ordinal) is > 0 and var parameters ? $"{name[..parameters]}()" : name;
    }

    // A nested type stands in the namespace of the type around it.
    static string NamespaceOf(string type, HashSet<string> types)
    {
        var outer = Enclosing(type);
        while (types.Contains(outer))
            outer = Enclosing(outer);
        return outer;
    }

    static string Enclosing(string type)
    {
        var arguments = type.IndexOf('<', StringComparison.Ordinal);
        return type[..type.LastIndexOf('.', arguments < 0 ? type.Length - 1 : arguments)];
    }

    static string Short(string type, HashSet<string> types) => type[(NamespaceOf(type, types).Length + 1)..];
}

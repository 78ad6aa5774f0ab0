using System.Reflection;
using Temporalio.Tests.Surface;

namespace Temporalio.Tests;

/// <summary>
/// Whatever a program uses of this subset exists in the official package too, under the same name and with the same
/// types. What is missing here is no failure: the subset is as small as its users allow.
/// </summary>
public class PublicSurfaceTests
{
    static readonly string[] Official = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Surface", "temporalio-api.txt"));

    [Theory]
    [InlineData("Temporalio")]
    [InlineData("Temporalio.Extensions.Hosting")]
    public void Every_public_member_is_one_of_the_official_package(string assembly)
    {
        var official = Official.Where(line => line[0] is not '#' and not 'T').Select(SurfaceListing.Comparable).ToHashSet();

        var invented = Lines(assembly)
            .Where(line => line[0] != 'T')
            .Select(SurfaceListing.Comparable)
            .Where(line => !official.Contains(line))
            .Select(line => $"{line}\n    official: {Nearest(line)}\n");

        var text = string.Concat(invented);
        Assert.True(text.Length == 0, $"Not official:\n{text}");
    }

    [Theory]
    [InlineData("Temporalio")]
    [InlineData("Temporalio.Extensions.Hosting")]
    public void Every_public_type_has_the_official_kind_and_no_other_bases(string assembly)
    {
        var official = Official.Where(line => line.StartsWith("T ", StringComparison.Ordinal))
            .Select(SurfaceListing.Comparable)
            .ToDictionary(NameOf);

        var invented = Lines(assembly)
            .Where(line => line[0] == 'T')
            .Select(SurfaceListing.Comparable)
            .Where(line => !official.TryGetValue(NameOf(line), out var listed) || !IsPartOf(line, listed))
            .Select(line => $"{line}\n    official: {official.GetValueOrDefault(NameOf(line), "none")}\n");

        var text = string.Concat(invented);
        Assert.True(text.Length == 0, $"Not official:\n{text}");
    }

    [Fact]
    public void What_is_missing_is_listed_in_the_documentation()
    {
        var expected = MissingList.Text(Official, [Assembly.Load("Temporalio"), Assembly.Load("Temporalio.Extensions.Hosting")]);
        var document = File.ReadAllText(Repository.PathOf("docs", "sdk-standin.md"));
        var start = document.IndexOf(MissingList.Heading, StringComparison.Ordinal);
        var listed = start < 0 ? string.Empty : document[start..];

        Assert.True(listed == expected, $"The end of docs/sdk-standin.md must be:\n\n{expected}");
    }

    [Fact]
    public void A_member_of_another_type_or_with_another_parameter_is_noticed()
    {
        var lines = SurfaceListing.Of(typeof(Invented).Assembly).ToList();

        Assert.Contains("M Temporalio.Tests.Invented.SendAsync<T>(T value, System.TimeSpan? wait = null, bool again = true) :: "
            + "virtual System.Threading.Tasks.Task<System.Collections.Generic.IReadOnlyCollection<string?>>", lines);
        Assert.Contains("P Temporalio.Tests.Invented.Name :: string? { get; protected set; }", lines);
        Assert.DoesNotContain(lines, line => line.Contains("Hidden", StringComparison.Ordinal));
    }

    // The listing has only the namespaces Temporalio.*; AddTemporalClient and the like stand in Microsoft's.
    static IEnumerable<string> Lines(string assembly) =>
        SurfaceListing.Of(Assembly.Load(assembly)).Where(line => line[2..].StartsWith("Temporalio.", StringComparison.Ordinal));

    static string NameOf(string line) => line.Split(" :: ")[0];

    // Same kind, and every base of ours is one of the official type's.
    static bool IsPartOf(string line, string listed)
    {
        var (kind, bases) = KindAndBases(line);
        var (listedKind, listedBases) = KindAndBases(listed);
        return kind == listedKind && bases.IsSubsetOf(listedBases);
    }

    static (string Kind, HashSet<string> Bases) KindAndBases(string line)
    {
        var parts = line.Split(" :: ")[1].Split(" : ");
        return (parts[0], parts.Length == 1 ? [] : [.. parts[1].Split(", ")]);
    }

    static string Nearest(string line)
    {
        var name = line.Split(" :: ")[0].Split('(')[0];
        var candidates = Official.Where(candidate => candidate.StartsWith(name, StringComparison.Ordinal)).Take(3);
        return string.Join("\n              ", candidates.DefaultIfEmpty("none"));
    }
}

/// <summary>Stands in for a type that is not official, to test the comparison itself.</summary>
public class Invented
{
    public string? Name { get; protected set; }

    internal int Hidden { get; set; }

    public virtual Task<IReadOnlyCollection<string?>> SendAsync<T>(T value, TimeSpan? wait = null, bool again = true)
        where T : notnull => Task.FromResult<IReadOnlyCollection<string?>>([value.ToString(), wait.ToString(), again.ToString()]);
}

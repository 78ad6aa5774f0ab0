using System.Text.RegularExpressions;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Resources;

/// <summary>Reads <c>resources.json</c>: all that is wrong at once, with line and column.</summary>
public static partial class ResourceReader
{
    public const string CodePrefix = "RES";

    const int UnknownJob = 20;
    const int NoJob = 21;
    const int NotKnown = 22;

    /// <param name="jobs">The jobs that there are.</param>
    public static ReadResult<IReadOnlyList<ResourceDefinition>> Read(string text, string path, IReadOnlyList<string> jobs)
    {
        var problems = new ProblemList(path, CodePrefix);
        if (NodeParser.Parse(text, problems) is not { } root
            || ObjectReader.Open(root, problems, "the resources, an object") is not { } reader)
            return problems.Result<IReadOnlyList<ResourceDefinition>>(null);
        _ = reader.Required("resources");
        var resources = new List<ResourceDefinition>();
        foreach (var member in reader.Members("resources"))
        {
            if (!NamePattern().IsMatch(member.Name))
                problems.Add(
                    member.NamePosition, ReadingCodes.BadName, member.Value.Path, $"'{member.Name}' is no name for a resource.",
                    "Use letters, digits, '.', '-' and '_', at most 100 characters.");
            if (ObjectReader.Open(member.Value, problems, "a resource, an object") is { } resource)
                resources.Add(ReadOne(member.Name, resource, problems, jobs));
        }

        if (resources.Count > ResourceLimits.ResourcesMax)
            problems.Add(
                reader.Node, ReadingCodes.OutOfRange,
                $"There are {resources.Count} resources; at most {ResourceLimits.ResourcesMax} are allowed.", "Divide them.");
        reader.Close();
        return problems.Result<IReadOnlyList<ResourceDefinition>>(resources);
    }

    static ResourceDefinition ReadOne(string id, ObjectReader reader, ProblemList problems, IReadOnlyList<string> jobs)
    {
        var minute = TimeSpan.FromMinutes(1);
        var definition = new ResourceDefinition
        {
            Id = id,
            Kind = reader.RequiredString("kind") ?? "",
            Description = reader.String("description") ?? "",
            Owner = reader.String("owner") ?? "",
            Jobs = ReadJobs(reader, problems, jobs),
            MonitorEvery = reader.Duration("monitorEvery", minute) ?? ResourceLimits.MonitorEvery,
            RenewBefore = reader.Duration("renewBefore", TimeSpan.Zero) ?? ResourceLimits.RenewBefore,
            RetryAfter = reader.Duration("retryAfter", minute) ?? ResourceLimits.RetryAfter,
        };
        reader.Close();
        return definition;
    }

    static Dictionary<ResourceOperation, ResourceJob> ReadJobs(ObjectReader resource, ProblemList problems, IReadOnlyList<string> known)
    {
        var jobs = new Dictionary<ResourceOperation, ResourceJob>();
        if (resource.Required("jobs") is not { } node || ObjectReader.Open(node, problems, "the jobs, an object") is not { } reader)
            return jobs;
        foreach (var operation in Enum.GetValues<ResourceOperation>())
        {
            if (reader.Value(ResourceState.Word(operation)) is { } value && ReadJob(value, problems, known) is { } job)
                jobs[operation] = job;
        }

        reader.Close();
        if (reader.Node.Members.Count == 0)
            problems.Add(node, NoJob, "The resource names no job, so nothing can be done to it.", "Name at least the job \"monitor\".");
        return jobs;
    }

    /// <summary>The name of a job, or an object with its input.</summary>
    static ResourceJob? ReadJob(Node node, ProblemList problems, IReadOnlyList<string> known)
    {
        if (node.Kind == NodeKind.String)
            return Known(node, known, problems) ? new(node.Text, "{}") : null;
        if (ObjectReader.Open(node, problems, "a job: its name, or an object") is not { } reader)
            return null;
        var name = reader.Required("job");
        var input = reader.Value("input");
        reader.Close();
        if (input is not null and not { Kind: NodeKind.Object })
            problems.Add(input, ReadingCodes.WrongType, $"Expected an object, found {input.Describe()}.", "Write { … } here.");
        if (input is not null)
            CheckReferences(input, problems);
        return name is not null && Known(name, known, problems) ? new(name.Text, input?.ToJson() ?? "{}") : null;
    }

    static bool Known(Node name, IReadOnlyList<string> known, ProblemList problems)
    {
        if (name.Kind == NodeKind.String && known.Contains(name.Text))
            return true;
        problems.Add(
            name, UnknownJob, $"There is no job {name.Describe().Replace("the text ", "", StringComparison.Ordinal)}.",
            NearestName.Suggest(name.Text, known));
        return false;
    }

    static void CheckReferences(Node node, ProblemList problems)
    {
        if (node.Kind == NodeKind.String && Unknown().Match(node.Text) is { Success: true } other)
            problems.Add(
                node, NotKnown, $"'{other.Value}' is not known here.",
                "Write ${facts.NAME}, a fact that a job of this resource gives as an output.");
        foreach (var inner in node.Items.Concat(node.Members.Select(m => m.Value)))
            CheckReferences(inner, problems);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\$\{(?!facts\.[A-Za-z][A-Za-z0-9_-]*\})[^}]*\}?")]
    private static partial Regex Unknown();
}

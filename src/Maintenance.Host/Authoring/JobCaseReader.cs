using System.Text.Json.Nodes;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Authoring;

/// <summary>
/// Reads <c>jobs/NAME/tests/*.json</c>, each file a case. All that is wrong is said at once, as for every file of a person.
/// </summary>
static class JobCaseReader
{
    public const string Folder = "tests";
    const string CodePrefix = "CASE";

    static readonly string[] _runStatuses = [.. Enum.GetNames<RunStatus>().Select(Spelled)];
    static readonly string[] _stepStatuses = [.. Enum.GetNames<StepStatus>().Select(Spelled)];

    /// <param name="jobFolder">The job's folder; without a folder <c>tests</c> there are no cases.</param>
    public static (IReadOnlyList<JobCase> Cases, IReadOnlyList<Problem> Problems) ReadAll(string jobFolder)
    {
        var folder = Path.Combine(jobFolder, Folder);
        var reads = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => Read(File.ReadAllText(file), file)).ToList()
            : [];
        return ([.. reads.Select(read => read.Value).OfType<JobCase>()], [.. reads.SelectMany(read => read.Problems)]);
    }

    public static ReadResult<JobCase> Read(string text, string file)
    {
        var problems = new ProblemList(file, CodePrefix);
        if (NodeParser.Parse(text, problems) is not { } node || ObjectReader.Open(node, problems) is not { } reader)
            return problems.Result<JobCase>(null);
        var found = new JobCase
        {
            Name = Path.GetFileNameWithoutExtension(file),
            Description = reader.String("description") ?? "",
            Input = reader.Value("input") is { Kind: NodeKind.Object } input ? JsonNode.Parse(input.ToJson())!.AsObject() : [],
            Environment = reader.StringMap("environment"),
            Commands = reader.Members("commands").ToDictionary(m => m.Name, m => Answers(m.Value, problems)),
            Approvals = reader.Members("approvals").ToDictionary(m => m.Name, m => Decision(m.Value, problems)),
            Expect = reader.Object("expect") is { } expect ? Expectation(expect, problems) : new(),
        };
        reader.Close();
        return problems.Result(found);
    }

    static IReadOnlyList<FakeAnswer> Answers(Node node, ProblemList problems) =>
        [.. (node.Kind == NodeKind.Array ? node.Items : [node]).Select(item => Answer(item, problems))];

    static FakeAnswer Answer(Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "an answer, an object") is not { } reader)
            return new(0, "", "");
        var answer = new FakeAnswer(reader.Int("exitCode", 0, 255) ?? 0, reader.String("output") ?? "", reader.String("errors") ?? "");
        reader.Close();
        return answer;
    }

    static ApprovalDecision Decision(Node node, ProblemList problems)
    {
        if (node is { Kind: NodeKind.String, Text: "approve" })
            return ApprovalDecision.Approved;
        if (node is not { Kind: NodeKind.String, Text: "reject" })
            problems.Add(node, ReadingCodes.NotOneOf, $"Expected approve or reject, found {node.Describe()}.");
        return ApprovalDecision.Rejected;
    }

    static JobExpectation Expectation(ObjectReader reader, ProblemList problems)
    {
        var expectation = new JobExpectation
        {
            Status = Status<RunStatus>(reader, _runStatuses) ?? RunStatus.Succeeded,
            Reason = reader.String("reason"),
            Steps = reader.Members("steps").ToDictionary(m => m.Name, m => Step(m.Value, problems)),
            Calls = reader.Strings("calls"),
            NoCalls = reader.Strings("noCalls"),
        };
        reader.Close();
        return expectation;
    }

    static StepExpectation Step(Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "what is expected of the step, an object") is not { } reader)
            return new();
        var step = new StepExpectation
        {
            Status = Status<StepStatus>(reader, _stepStatuses),
            ExitCode = reader.Int("exitCode", 0, 255),
            Attempts = reader.Int("attempts", 0),
            Output = reader.String("output"),
            Outputs = reader.StringMap("outputs"),
        };
        reader.Close();
        return step;
    }

    static T? Status<T>(ObjectReader reader, string[] words)
        where T : struct, Enum =>
        reader.OneOf("status", words) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null;

    static string Spelled(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

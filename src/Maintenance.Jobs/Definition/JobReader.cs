using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Locks;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// Reads job.json together with the files it names. Everything that is wrong is reported at once. <paramref name="files"/> are the texts of
/// the job's folder by name; what is not text or not there is simply not among them, and <see cref="JobFolder"/> has reported why.
/// </summary>
public static class JobReader
{
    const int StepsMax = 200;

    /// <summary>For texts that are not on disk, such as a bundle's.</summary>
    public static ReadResult<JobDefinition> Read(string job, string text, string path, IReadOnlyDictionary<string, string> files)
    {
        var problems = new ProblemList(path, "JOB");
        var definition = Read(job, text, problems, files);
        return problems.Result(definition);
    }

    internal static JobDefinition? Read(string job, string text, ProblemList problems, IReadOnlyDictionary<string, string> files)
    {
        if (NodeParser.Parse(text, problems) is not { } root || ObjectReader.Open(root, problems, "the job, an object") is not { } reader)
            return null;
        return ReadJob(job, reader, problems, files);
    }

    static JobDefinition ReadJob(string name, ObjectReader reader, ProblemList problems, IReadOnlyDictionary<string, string> files)
    {
        var inputs = InputReader.Read(reader, problems);
        var known = new KnownReferences(inputs, problems);
        var connections = reader.StringMap("connections");
        foreach (var connection in reader.Members("connections"))
            SecretReader.Check(connection.Value, known, problems);
        var locks = LockReader.Read(reader, known, problems, []);
        var steps = new StepReader(new ReadingContext(name, problems, files, known, connections)
        {
            JobLocks = locks,
            People = files.TryGetValue(People.FileName, out var people) ? PeopleReader.Read(people, People.FileName).Value : null,
        });

        var main = ReadSteps(reader, "steps", steps, inFinally: false);
        if (reader.Required("steps") is { Kind: NodeKind.Array } list && list.Items.Count == 0)
            problems.Add(list, JobCodes.NoSteps, "A job needs at least one step.", """Write { "name": "…", "run": "script.sh" }.""");
        var cleanUp = ReadSteps(reader, "finally", steps, inFinally: true);
        var outputs = reader.StringMap("outputs");
        foreach (var output in reader.Members("outputs"))
            known.Check(output.Value);

        var job = new JobDefinition
        {
            Name = name,
            Description = reader.String("description") ?? "",
            Input = inputs,
            Outputs = outputs,
            Timeout = reader.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.RunTimeout,
            Steps = main,
            Finally = cleanUp,
            Locks = locks,
        };
        reader.Close();
        return job;
    }

    static List<StepDefinition> ReadSteps(ObjectReader reader, string member, StepReader steps, bool inFinally)
    {
        var nodes = reader.List(member);
        if (nodes.Count > StepsMax)
            reader.Problems.Add(
                reader.Node, ReadingCodes.OutOfRange, $"'{member}' has {nodes.Count} steps; at most {StepsMax} are allowed.",
                "Divide the job.");
        var read = new List<StepDefinition>();
        foreach (var node in nodes)
        {
            if (ObjectReader.Open(node, reader.Problems, "a step, an object") is { } step)
                read.Add(steps.Read(step, inFinally));
        }

        return read;
    }
}

using System.Text.RegularExpressions;
using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// Reads job.json together with the files it names. Everything that is wrong is reported at once. <paramref name="files"/> are the texts of
/// the job's folder by name; what is not text or not there is simply not among them, and <see cref="JobFolder"/> has reported why.
/// </summary>
public sealed partial class JobReader
{
    const int StepsMax = 200;
    const int AttemptsMax = 1000;

    readonly ProblemList _problems;
    readonly string _job;
    readonly IReadOnlyDictionary<string, string> _files;
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    JobReader(string job, ProblemList problems, IReadOnlyDictionary<string, string> files)
    {
        _job = job;
        _problems = problems;
        _files = files;
    }

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
        return new JobReader(job, problems, files).ReadJob(reader);
    }

    JobDefinition ReadJob(ObjectReader reader)
    {
        var inputs = InputReader.Read(reader, _problems);
        var known = new KnownReferences(inputs.Select(i => i.Name), _problems);
        var steps = ReadSteps(reader, "steps", known, inFinally: false);
        if (reader.Required("steps") is { Kind: NodeKind.Array } list && list.Items.Count == 0)
            _problems.Add(list, JobCodes.NoSteps, "A job needs at least one step.", """Write { "name": "…", "run": "script.sh" }.""");
        var cleanUp = ReadSteps(reader, "finally", known, inFinally: true);
        if (reader.Value("locks") is { } locks)
            _problems.Add(
                locks, JobCodes.NotYet, "'locks' cannot be kept yet, and a lock that nobody keeps is worse than none.",
                "Leave it out, and let the schedules' overlap rule and start times keep runs apart.");

        var job = new JobDefinition
        {
            Name = _job,
            Description = reader.String("description") ?? "",
            Input = inputs,
            Timeout = reader.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.RunTimeout,
            Steps = steps,
            Finally = cleanUp,
        };
        reader.Close();
        return job;
    }

    List<StepDefinition> ReadSteps(ObjectReader reader, string member, KnownReferences known, bool inFinally)
    {
        var steps = new List<StepDefinition>();
        var nodes = reader.List(member);
        if (nodes.Count > StepsMax)
            _problems.Add(
                reader.Node, ReadingCodes.OutOfRange, $"'{member}' has {nodes.Count} steps; at most {StepsMax} are allowed.",
                "Divide the job.");
        foreach (var node in nodes)
        {
            if (ObjectReader.Open(node, _problems, "a step, an object") is not { } step)
                continue;
            var read = ReadStep(step, known, inFinally);
            steps.Add(read);
            known.AddStep(read.Name);
        }

        return steps;
    }

    StepDefinition ReadStep(ObjectReader step, KnownReferences known, bool inFinally)
    {
        var name = ReadName(step);
        var kind = ReadKind(step);
        var idempotent = step.Bool("idempotent") ?? false;
        var onUnknown = step.OneOf("onUnknown", "fail", "retry", "ask");
        var read = new StepDefinition
        {
            Name = name,
            Run = kind == StepKinds.Run ? ReadRun(step, known) : null,
            Approval = kind == StepKinds.Approval ? ReadApproval(step, known, inFinally) : null,
            Wait = kind == StepKinds.Wait ? ReadWait(step) : null,
            Timeout = step.Duration("timeout", min: TimeSpan.FromMilliseconds(100)) ?? JobDefaults.StepTimeout,
            Retry = ReadRetry(step),
            ContinueOnFailure = step.Bool("continueOnFailure") ?? false,
            Idempotent = idempotent,
            OnUnknown = onUnknown switch { "retry" => OnUnknown.Retry, "ask" => OnUnknown.Ask, "fail" => OnUnknown.Fail, _ => idempotent ? OnUnknown.Retry : OnUnknown.Fail },
            Undo = ReadUndo(step, kind, inFinally),
            Verify = step.Bool("verify") ?? false,
        };
        foreach (var later in (string[])["when", "forEach", "maxParallel", "waves", "failureBudget", "window", "restarts"])
        {
            if (step.Value(later) is { } value)
                _problems.Add(
                    value, JobCodes.NotYet, $"'{later}' is planned and not there yet.", "Leave it out; let the script itself decide.");
        }

        step.Close();
        return read;
    }

    string ReadName(ObjectReader step)
    {
        var name = step.RequiredString("name") ?? "";
        if (name.Length == 0)
            return name;
        if (!StepNamePattern().IsMatch(name))
            _problems.Add(
                step.Node.Find("name") ?? step.Node, ReadingCodes.BadName, $"'{name}' is no name for a step.",
                "Use letters, digits and '-', begin with a letter, at most 60 characters.");
        else if (!_names.Add(name))
            _problems.Add(
                step.Node.Find("name") ?? step.Node, JobCodes.DuplicateName,
                $"There is a step '{name}' already; names are unique over steps and finally.", "Give it another name.");
        return name;
    }

    string? ReadKind(ObjectReader step)
    {
        foreach (var kind in StepKinds.Later)
        {
            if (step.Value(kind) is { } value)
            {
                _problems.Add(
                    value, JobCodes.KindNotBuilt, $"Steps of the kind '{kind}' are planned and not there yet.",
                    "Write it as a script with 'run'.");
                return null;
            }
        }

        var kinds = StepKinds.Built.Where(k => step.Value(k) is not null).ToList();
        if (kinds.Count == 1)
            return kinds[0];
        _problems.Add(
            step.Node, JobCodes.NoKind,
            kinds.Count == 0 ? "The step does not say what it does." : $"The step is of {kinds.Count} kinds at once: {string.Join(", ", kinds)}.",
            "Give it exactly one of run, approval, wait.");
        return null;
    }

    RunStep ReadRun(ObjectReader step, KnownReferences known)
    {
        var script = step.RequiredString("run") ?? "";
        CheckScript(step.Value("run"), script);
        var environment = step.StringMap("env");
        foreach (var member in step.Members("env"))
        {
            CheckVariable(member);
            known.Check(member.Value);
        }

        var arguments = step.Strings("args");
        foreach (var argument in step.List("args"))
            known.Check(argument);
        var files = step.Strings("files");
        foreach (var file in step.List("files"))
            CheckFile(file, file.Text);

        return new RunStep
        {
            Script = script,
            Arguments = arguments,
            Environment = environment,
            Secrets = ReadSecrets(step, known),
            Files = files,
            StopGrace = step.Duration("stopGrace") ?? JobDefaults.StopGrace,
            RunsOn = step.String("runsOn"),
        };
    }

    IReadOnlyDictionary<string, string> ReadSecrets(ObjectReader step, KnownReferences known)
    {
        var secrets = step.StringMap("secrets");
        foreach (var member in step.Members("secrets"))
        {
            CheckVariable(member);
            if (member.Value.Text.StartsWith("${input.", StringComparison.Ordinal))
                known.Check(member.Value);
            else if (member.Value.Kind == NodeKind.String && !SecretSource.IsReference(member.Value.Text))
                _problems.Add(
                    member.Value, JobCodes.BadSecret, $"The secret {member.Name} must say where its value is, never the value itself.",
                    "Write \"env:NAME\", \"file:/path\", or ${input.x} of an input of type secret.");
        }

        return secrets;
    }

    ApprovalStep ReadApproval(ObjectReader step, KnownReferences known, bool inFinally)
    {
        if (inFinally)
            _problems.Add(step.Node, JobCodes.NotForThisKind, "An approval in 'finally' would keep a failed run open.", "Ask in 'steps'.");
        if (step.Object("approval") is not { } approval)
            return new ApprovalStep { Message = "" };
        if (approval.Required("message") is { } message)
            known.Check(message);
        var read = new ApprovalStep
        {
            Message = approval.String("message") ?? "",
            Timeout = approval.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.ApprovalTimeout,
            ContinueOnTimeout = approval.OneOf("onTimeout", "fail", "continue") == "continue",
        };
        approval.Close();
        return read;
    }

    static WaitStep ReadWait(ObjectReader step) => new() { For = step.Duration("wait") ?? TimeSpan.Zero };

    RetryPlan ReadRetry(ObjectReader step)
    {
        if (step.Object("retry") is not { } retry)
            return new RetryPlan();
        var plan = new RetryPlan
        {
            Attempts = retry.Int("attempts", 1, AttemptsMax) ?? 1,
            Initial = retry.Duration("initial") ?? JobDefaults.RetryInitial,
            Backoff = retry.Number("backoff", 1, 100) ?? JobDefaults.RetryBackoff,
            Max = retry.Duration("max") ?? JobDefaults.RetryMax,
            StopOnExitCodes = ReadExitCodes(retry, "stopOnExitCodes"),
            OnlyOnExitCodes = ReadExitCodes(retry, "onlyOnExitCodes"),
        };
        retry.Close();
        return plan;
    }

    List<int> ReadExitCodes(ObjectReader retry, string member)
    {
        var codes = new List<int>();
        foreach (var node in retry.List(member))
        {
            if (node.Kind == NodeKind.Number && int.TryParse(node.Text, out var code) && code is >= 0 and <= 255)
                codes.Add(code);
            else
                _problems.Add(
                    node, ReadingCodes.OutOfRange, $"Expected an exit code, found {node.Describe()}.",
                    "Write whole numbers from 0 to 255.");
        }

        return codes;
    }

    string? ReadUndo(ObjectReader step, string? kind, bool inFinally)
    {
        if (step.String("undo") is not { } undo)
            return null;
        if (kind != StepKinds.Run || inFinally)
            _problems.Add(
                step.Node.Find("undo") ?? step.Node, JobCodes.NotForThisKind, "Only a 'run' step under 'steps' has effects to undo.",
                "Take 'undo' away here.");
        CheckScript(step.Value("undo"), undo);
        return undo;
    }

    void CheckScript(Node? node, string script)
    {
        if (node is null || script.Length == 0 || !CheckFile(node, script) || !_files.TryGetValue(script, out var text))
            return;
        if (Interpreter.ShebangOf(text) is null)
            _problems.Add(
                node, JobCodes.NoInterpreter, $"{script} does not begin with '#!', so it is not known what runs it.",
                "Begin it with a line such as #!/bin/bash or #!/usr/bin/env python3.");
    }

    /// <summary>False when the name itself is wrong; a file that is not there is reported too.</summary>
    bool CheckFile(Node node, string name)
    {
        if (name.Contains('/') || name is "." or ".." or "job.json")
        {
            _problems.Add(
                node, JobCodes.OutsideFolder, $"'{name}' is no file beside job.json.",
                "Put the file into the job's folder and write its plain name.");
            return false;
        }

        if (!_files.ContainsKey(name))
            _problems.Add(
                node, JobCodes.FileMissing, $"There is no file '{name}' beside job.json, or it cannot be read.",
                NearestName.Suggest(name, [.. _files.Keys]));
        return true;
    }

    void CheckVariable(NodeMember member)
    {
        if (!VariablePattern().IsMatch(member.Name) || member.Name.StartsWith("MAINTENANCE_", StringComparison.Ordinal))
            _problems.Add(
                member.NamePosition, JobCodes.BadVariableName, member.Value.Path, $"'{member.Name}' cannot be the name of a variable here.",
                "Use letters, digits and '_', not beginning with a digit or MAINTENANCE_.");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,59}$")]
    private static partial Regex StepNamePattern();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariablePattern();
}

using System.Text.RegularExpressions;
using Maintenance.Jobs.Locks;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads one step: its name, its kind, and the controls that any kind may have.</summary>
sealed partial class StepReader(ReadingContext context)
{
    static readonly string[] _forEachMembers = ["maxParallel", "waves", "between", "failureBudget"];

    /// <summary>Members of a step that a step written as undo or verify cannot have.</summary>
    public static readonly IReadOnlyList<string> NotOfAsides = ["name", "forEach", .. _forEachMembers, "undo", "verify", "locks"];

    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly StepKindReader _kinds = new(context);
    readonly ControlReader _controls = new(context);

    ProblemList Problems => context.Problems;

    public StepDefinition Read(ObjectReader step, bool inFinally)
    {
        var name = ReadName(step);
        var forEach = _controls.ReadForEach(step);
        context.Known.HasItem = forEach is not null;
        context.Known.HasHost = forEach?.Hosts is not null;
        var read = ReadBody(step, name, inFinally) with
        {
            ForEach = forEach,
            Verify = step.Value("verify") is { IsTrue: true },
            Locks = LockReader.Read(step, context.Known, Problems, context.JobLocks),
        };
        // Its undo and verify come after it: they may need what it made.
        var repeatable = forEach is null && read is { Idempotent: true, IsReboot: false, Restarts: null }
            and ({ Run: not null } or { Http: not null } or { Sql: not null });
        context.Known.AddStep(name, forEach is null ? StepOutputs(read) : null, repeatable);
        read = read with
        {
            Undo = ReadUndoScript(step, read, inFinally),
            UndoStep = ReadAside(step, "undo", read, $"undo-{name}", inFinally),
            Check = ReadAside(step, "verify", read, $"{name}:verify", inFinally),
        };
        context.Known.HasItem = context.Known.HasHost = false;
        if (forEach is not null && read.Approval is not null)
            Problems.Add(
                step.Value("forEach")!, JobCodes.NotForThisKind, "A question is asked once, not for each target.",
                "Ask before, or 'between' the waves of a step.");
        foreach (var member in forEach is null ? _forEachMembers : [])
        {
            if (step.Value(member) is { } alone)
                Problems.Add(
                    alone, JobCodes.NotForThisKind, $"'{member}' belongs to a step with 'forEach'.", "Add 'forEach', or take it away.");
        }

        step.Close();
        return read;
    }

    /// <summary>What a step itself and a step written as its undo or verify have in common.</summary>
    StepDefinition ReadBody(ObjectReader step, string name, bool inFinally)
    {
        var kind = ReadKind(step);
        var idempotent = step.Bool("idempotent");
        var onUnknown = step.OneOf("onUnknown", "fail", "retry", "ask");
        var read = _kinds.Read(step, kind, name, inFinally) with
        {
            Timeout = step.Duration("timeout", min: TimeSpan.FromMilliseconds(100)) ?? JobDefaults.StepTimeout,
            Retry = _controls.ReadRetry(step, kind),
            ContinueOnFailure = step.Bool("continueOnFailure") ?? false,
            When = _controls.ReadWhen(step),
            Window = _controls.ReadWindow(step),
        };
        read = _controls.ReadRunsOn(step, kind, read);
        var harmless = idempotent ?? read is { Http.Method: "GET" or "HEAD" } or { Sql.ReadOnly: true } or { Wait: not null };
        return read with
        {
            Idempotent = harmless,
            OnUnknown = onUnknown is null
                ? (harmless ? OnUnknown.Retry : OnUnknown.Fail)
                : Enum.Parse<OnUnknown>(onUnknown, ignoreCase: true),
        };
    }

    string ReadName(ObjectReader step)
    {
        var name = step.RequiredString("name") ?? "";
        if (name.Length == 0)
            return name;
        if (!StepNamePattern().IsMatch(name))
            Problems.Add(
                step.Node.Find("name") ?? step.Node, ReadingCodes.BadName, $"'{name}' is no name for a step.",
                "Use letters, digits and '-', begin with a letter, at most 60 characters.");
        else if (!_names.Add(name))
            Problems.Add(
                step.Node.Find("name") ?? step.Node, JobCodes.DuplicateName,
                $"There is a step '{name}' already; names are unique over steps and finally.", "Give it another name.");
        return name;
    }

    string? ReadKind(ObjectReader step)
    {
        var kinds = StepKinds.All.Where(k => step.Value(k) is not null).ToList();
        if (kinds.Count == 1)
            return kinds[0];
        Problems.Add(
            step.Node, JobCodes.NoKind,
            kinds.Count == 0
                ? "The step does not say what it does."
                : $"The step is of {kinds.Count} kinds at once: {string.Join(", ", kinds)}.",
            $"Give it exactly one of {string.Join(", ", StepKinds.All)}.");
        return null;
    }

    string? ReadUndoScript(ObjectReader step, StepDefinition read, bool inFinally)
    {
        if (step.Value("undo") is not { Kind: NodeKind.String } undo)
            return null;
        if (read.Run is null || inFinally)
            Problems.Add(
                undo, JobCodes.NotForThisKind, "A script alone can undo only a 'run' step under 'steps', whose environment it gets.",
                inFinally ? "Take 'undo' away here." : """Write the undo as a step: { "run": "undo.sh", "env": {…} }.""");
        _kinds.CheckScript(undo, undo.Text);
        return step.String("undo");
    }

    /// <summary>An undo or a verify: a step without a name, or (verify) a script that gets the environment of the run step.</summary>
    StepDefinition? ReadAside(ObjectReader step, string member, StepDefinition owner, string name, bool inFinally)
    {
        if (step.Value(member) is not { } node || node.Kind == NodeKind.Boolean || (node.Kind == NodeKind.String && member == "undo"))
            return null;
        if (inFinally && member == "undo")
            Problems.Add(node, JobCodes.NotForThisKind, "Nothing undoes a step under 'finally'.", "Take 'undo' away here.");
        if (node.Kind == NodeKind.String)
            return CheckScript(node, owner, name);
        if (ObjectReader.Open(node, Problems, member == "undo" ? "a script or a step" : "true, a script or a step") is not { } aside)
            return null;
        var read = ReadBody(aside, name, inFinally: true);
        aside.Close();
        // It works where its step did, unless it says otherwise, and under the same locks.
        read = read with { Locks = owner.Locks };
        return read is { RunsOn: null, RunsOnAny: null } ? read with { RunsOn = owner.RunsOn, RunsOnAny = owner.RunsOnAny } : read;
    }

    StepDefinition? CheckScript(Node node, StepDefinition owner, string name)
    {
        _kinds.CheckScript(node, node.Text);
        if (owner.Run is { } run)
            return owner with
            {
                Name = name,
                Run = run with { Script = node.Text, Text = null, Arguments = [] },
                IsReboot = false,
                Restarts = null,
                Idempotent = true,
                OnUnknown = OnUnknown.Retry,
                Retry = new RetryPlan(),
                When = null,
                Window = null,
                ForEach = null,
                Verify = false,
            };
        Problems.Add(
            node, JobCodes.NotForThisKind, "A script alone can verify only a 'run' step, whose environment it gets.",
            """Write the verify as a step: { "run": "verify.sh", "env": {…} }.""");
        return null;
    }

    /// <summary>Null when only its script knows.</summary>
    static IReadOnlyList<string>? StepOutputs(StepDefinition step) => step switch
    {
        { Http: { } http } => [.. http.Outputs.Keys, "status"],
        { Sql: { } sql } => [.. sql.Outputs, "rows", "affected"],
        { Approval: not null } or { Wait: { Command: null } } => [],
        _ => null,
    };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,59}$")]
    private static partial Regex StepNamePattern();
}

using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// What a <c>${…}</c> may mean at the place where it stands: inputs, facts of the run, the steps before it and, in a step with
/// <c>forEach</c>, its item.
/// </summary>
sealed class KnownReferences(IReadOnlyList<InputDefinition> inputs, ProblemList problems)
{
    readonly List<string> _inputs = [.. inputs.Where(i => i.Type != InputType.Secret).Select(i => i.Name)];
    readonly List<string> _secrets = [.. inputs.Where(i => i.Type == InputType.Secret).Select(i => i.Name)];
    readonly List<string> _steps = [];
    readonly Dictionary<string, IReadOnlyList<string>> _outputs = new(StringComparer.Ordinal);
    readonly HashSet<string> _repeatable = new(StringComparer.Ordinal);

    /// <summary>Within a step with <c>forEach</c>, and whether its items are hosts.</summary>
    public bool HasItem { get; set; }
    public bool HasHost { get; set; }

    /// <param name="step">Name of the step that is read.</param>
    /// <param name="outputs">All outputs that it can have; null when only its script knows.</param>
    /// <param name="repeatable">It does no harm to do it again, and it has one result.</param>
    public void AddStep(string step, IReadOnlyList<string>? outputs, bool repeatable)
    {
        _steps.Add(step);
        if (repeatable)
            _repeatable.Add(step);
        if (outputs is not null)
            _outputs[step] = outputs;
    }

    public bool IsSecretInput(string text) =>
        ReferenceText.Read(text) is { References: [{ Scope: "input" } only] } && text == "${" + only + "}" && _secrets.Contains(only.Name);

    public void Check(Node? node)
    {
        if (node is null || node.Kind != NodeKind.String)
            return;
        var (references, broken) = ReferenceText.Read(node.Text);
        foreach (var text in broken)
        {
            problems.Add(
                At(node, "${" + text), JobCodes.BadReference, node.Path, $"'${{{text}}}' is no reference.",
                "Write ${input.NAME}, ${steps.NAME.outputs.NAME}, ${steps.NAME.exitCode}, ${run.NAME}, or ${item} in a step with 'forEach'; for a plain '${' write '$${'.");
        }

        foreach (var reference in references)
            Check(node, reference);
    }

    /// <summary>The name of a step before this one.</summary>
    public void CheckStep(Node node)
    {
        if (node.Kind != NodeKind.String || !_steps.Contains(node.Text))
            problems.Add(
                node, JobCodes.UnknownReference, $"There is no step before this one that is called {node.Describe()}.",
                NearestName.Suggest(node.Text, _steps));
    }

    /// <summary>The name of a step before this one that can be done again.</summary>
    public void CheckRepeatable(Node node)
    {
        CheckStep(node);
        if (node.Kind == NodeKind.String && _steps.Contains(node.Text) && !_repeatable.Contains(node.Text))
            problems.Add(
                node, JobCodes.NotForThisKind, $"The step '{node.Text}' cannot be done again to compare.",
                """Name a 'run', 'http' or 'sql' step without 'forEach' that says "idempotent": true.""");
    }

    /// <summary>All texts in a JSON value.</summary>
    public void CheckAll(Node? node)
    {
        if (node is null)
            return;
        Check(node);
        foreach (var inner in node.Items.Concat(node.Members.Select(m => m.Value)))
            CheckAll(inner);
    }

    public void Check(Node node, Reference reference)
    {
        if (reference.Scope is "item" or "host" && !(reference.Scope == "item" ? HasItem : HasHost))
        {
            problems.Add(
                At(node, "${" + reference), JobCodes.UnknownReference, node.Path, $"There is no {reference.Scope} here.",
                reference.Scope == "item"
                    ? "${item} has a meaning in a step with 'forEach'."
                    : "${host.…} has a meaning in a step with 'forEach' over hosts; ${run.host} is the host that began the run.");
            return;
        }

        var (known, what) = reference.Scope switch
        {
            "item" => ([""], ""),
            "host" => (Reference.HostNames, "fact of a host"),
            "input" => (_inputs, "input"),
            "run" => (Reference.RunNames, "fact of the run"),
            _ => ((IReadOnlyList<string>)_steps, "step before this one"),
        };
        if (reference.Scope == "input" && _secrets.Contains(reference.Name))
            problems.Add(
                At(node, "${" + reference), JobCodes.BadSecret, node.Path,
                $"The input '{reference.Name}' is a secret, which no text may have in it.",
                "Give it to the step under 'secrets'.");
        else if (!known.Contains(reference.Name))
            problems.Add(
                At(node, "${" + reference), JobCodes.UnknownReference, node.Path, $"There is no {what} '{reference.Name}'.",
                NearestName.Suggest(reference.Name, known));
        else if (reference.Member.StartsWith(Reference.OutputsPrefix, StringComparison.Ordinal) && _outputs.TryGetValue(reference.Name, out var outputs)
            && reference.Member[Reference.OutputsPrefix.Length..] is var output && !outputs.Contains(output))
            problems.Add(
                At(node, "${" + reference), JobCodes.UnknownReference, node.Path, $"The step '{reference.Name}' has no output '{output}'.",
                NearestName.Suggest(output, outputs));
    }

    /// <summary>The place within the text, as long as the text stands in the file as it is (no escapes before it).</summary>
    static Position At(Node node, string part)
    {
        var inSource = node.Source.IndexOf(part, StringComparison.Ordinal);
        return inSource < 0 ? node.Position : node.Position with { Column = node.Position.Column + inSource };
    }
}

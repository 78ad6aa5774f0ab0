using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>What a <c>${…}</c> may mean at the place where it stands: all inputs, facts of the run, and the steps before it.</summary>
sealed class KnownReferences(IEnumerable<string> inputs, ProblemList problems)
{
    readonly List<string> _inputs = [.. inputs];
    readonly List<string> _steps = [];

    public void AddStep(string name) => _steps.Add(name);

    public void Check(Node node)
    {
        if (node.Kind != NodeKind.String)
            return;
        var (references, broken) = ReferenceText.Read(node.Text);
        foreach (var text in broken)
        {
            problems.Add(node, JobCodes.BadReference, $"'${{{text}}}' is no reference.",
                "Write ${input.NAME}, ${steps.NAME.outputs.NAME}, ${steps.NAME.exitCode} or ${run.NAME}; for a plain '${' write '$${'.");
        }

        foreach (var reference in references)
        {
            var (known, what) = reference.Scope switch
            {
                "input" => ((IReadOnlyList<string>)_inputs, "input"),
                "run" => (Reference.RunNames, "fact of the run"),
                _ => (_steps, "step before this one"),
            };
            if (!known.Contains(reference.Name))
                problems.Add(
                    node, JobCodes.UnknownReference, $"There is no {what} '{reference.Name}'.", NearestName.Suggest(reference.Name, known));
        }
    }
}

using System.Text.Json;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Holds what a start gave against what the job declares; the result is complete, defaults included.</summary>
public static class InputBinding
{
    /// <summary>The values as scripts will see them; when <c>Problems</c> is not empty they must not be used.</summary>
    public static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Problems) Bind(JobDefinition job, JsonElement? given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        if (given is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) })
            return (values, [$"The input must be a JSON object, such as {Example(job)}."]);

        var members = given is { ValueKind: JsonValueKind.Object } element
            ? element.EnumerateObject().GroupBy(m => m.Name).ToDictionary(g => g.Key, g => g.Last().Value)
            : [];
        foreach (var input in job.Input)
        {
            if (members.Remove(input.Name, out var value) && value.ValueKind != JsonValueKind.Null)
                Take(input, value, values, problems);
            else if (input.Default is not null)
                values[input.Name] = input.Default;
            else
                problems.Add(
                    $"The input '{input.Name}' is missing{(input.Description.Length == 0 ? "" : $" ({input.Description.TrimEnd('.')})")}. "
                        + $"Give it, such as {Example(job)}.");
        }

        foreach (var name in members.Keys)
            problems.Add(
                $"The job '{job.Name}' has no input '{name}'. {NearestName.Suggest(name, [.. job.Input.Select(i => i.Name)])}".TrimEnd());
        return (values, problems);
    }

    static void Take(InputDefinition input, JsonElement value, Dictionary<string, string> values, List<string> problems)
    {
        if (InputRules.Text(input, NodeOf(value), out var wrong) is { } seen)
            values[input.Name] = seen;
        else
            problems.Add($"The input '{input.Name}' {wrong}");
    }

    static Node NodeOf(JsonElement value) =>
        NodeParser.Parse(value.GetRawText(), new ProblemList("input", "JOB"))
            ?? throw new InvalidOperationException("An element that was parsed once cannot be parsed.");

    static string Example(JobDefinition job) =>
        "{" + string.Join(", ", job.Input.Where(i => i.Default is null).Take(3).Select(i => $"\"{i.Name}\": …")) + "}";
}

using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// A text with <c>${…}</c> in it. What stands inside is only ever a reference (input.x, steps.a.outputs.b, steps.a.exitCode, run.id…),
/// never code, and the result becomes an environment variable or an argument, never a piece of a shell line. <c>$${</c> is a literal
/// <c>${</c>.
/// </summary>
public static partial class ReferenceText
{
    /// <summary>The references in order, and the places where something between the braces is no reference.</summary>
    public static (IReadOnlyList<Reference> References, IReadOnlyList<string> Broken) Read(string text)
    {
        var references = new List<Reference>();
        var broken = new List<string>();
        Walk(text, _ => { }, inside =>
        {
            if (Reference.Parse(inside) is { } reference)
                references.Add(reference);
            else
                broken.Add(inside);
        });
        return (references, broken);
    }

    public static string Resolve(string text, Func<Reference, string> value)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        Walk(
            text, plain => result.Append(plain), inside => result.Append(Reference.Parse(inside) is { } reference ? value(reference) : ""));
        return result.ToString();
    }

    static void Walk(string text, Action<string> plain, Action<string> inside)
    {
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is var start and >= 0)
        {
            if (start > at && text[start - 1] == '$')
            {
                plain(text[at..(start - 1)] + "${");
                at = start + 2;
                continue;
            }

            plain(text[at..start]);
            var end = text.IndexOf('}', start);
            inside(end < 0 ? text[start..] : text[(start + 2)..end]);
            at = end < 0 ? text.Length : end + 1;
        }

        plain(text[at..]);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]*$")]
    internal static partial Regex NamePattern();
}

/// <summary>
/// One reference: <see cref="Scope"/> is input, steps or run; a step reference has the step in <see cref="Name"/> and the wish in <see
/// cref="Member"/>.
/// </summary>
public sealed record Reference(string Scope, string Name, string Member)
{
    public static readonly IReadOnlyList<string> RunNames = ["id", "shortId", "job", "workflowId", "scheduleId", "dueAt", "startedAt", "cause", "requester", "host"];

    public static Reference? Parse(string text) => text.Split('.') switch
    {
        ["input", var name] when IsName(name) => new Reference("input", name, ""),
        ["run", var name] when IsName(name) => new Reference("run", name, ""),
        ["steps", var step, "outputs", var output] when IsName(step) && IsName(output) => new Reference("steps", step, "outputs." + output),
        ["steps", var step, "exitCode"] when IsName(step) => new Reference("steps", step, "exitCode"),
        ["steps", var step, "status"] when IsName(step) => new Reference("steps", step, "status"),
        _ => null,
    };

    static bool IsName(string text) => ReferenceText.NamePattern().IsMatch(text);
}

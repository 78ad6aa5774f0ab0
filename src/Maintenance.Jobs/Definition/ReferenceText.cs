using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// A text with <c>${…}</c> in it. What stands inside is only ever a reference (input.x, steps.a.outputs.b, run.id, item…),
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

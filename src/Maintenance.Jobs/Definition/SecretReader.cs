using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Places of secrets: never the secret itself, and never a text put together of parts.</summary>
static class SecretReader
{
    static readonly string Fix = $"Write {SecretPlace.Examples}, or ${{input.x}} of an input of type secret.";

    public static void Check(Node node, KnownReferences known, ProblemList problems, string? what = null)
    {
        if (node.Kind != NodeKind.String || IsPlace(node.Text, known))
            return;
        if (node.Text.StartsWith("${input.", StringComparison.Ordinal) && ReferenceText.Read(node.Text).References is [var reference]
            && node.Text == "${" + reference + "}")
        {
            problems.Add(node, JobCodes.UnknownReference, $"There is no input '{reference.Name}' of type secret.", Fix);
            return;
        }

        problems.Add(node, JobCodes.BadSecret, $"{what ?? "It"} must say where its value is, never the value itself.", Fix);
    }

    /// <summary>As above, with a word before the place: "Bearer env:TOKEN".</summary>
    public static void CheckHeader(NodeMember header, KnownReferences known, ProblemList problems)
    {
        if (header.Value.Kind != NodeKind.String || IsPlace(PlaceOf(header.Value.Text), known))
            return;
        problems.Add(
            header.Value, JobCodes.BadSecret, $"The secret header {header.Name} must say where its value is, never the value itself.",
            "Write \"env:NAME\", \"Bearer env:NAME\" or \"Bearer file:/path\".");
    }

    public static string PlaceOf(string header) => header[(header.IndexOf(' ') + 1)..];

    static bool IsPlace(string text, KnownReferences known) => SecretPlace.IsPlainText(text) || known.IsSecretInput(text);
}

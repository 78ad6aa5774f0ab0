using System.Text.RegularExpressions;

namespace Maintenance.EndToEnd.Tests.Documents;

/// <summary>What a page tells its reader to do: files to write and commands to say, in its order.</summary>
abstract partial record DocumentedAction(int Line)
{
    public sealed record WriteFile(int Line, string Path, string Text) : DocumentedAction(Line);

    public sealed record Command(int Line, string Text) : DocumentedAction(Line);

    /// <summary>
    /// A block behind a line that ends in a file's name and a colon (<c>`jobs/x/job.json`:</c>) is that file; a block of the languages
    /// sh and console holds commands, one a line or continued with a backslash; in one of the language yaml the steps of a pipeline that call the
    /// program are commands.
    /// </summary>
    public static IEnumerable<DocumentedAction> Read(string text)
    {
        foreach (Match block in Block().Matches(text))
        {
            var line = text.AsSpan(0, block.Index).Count('\n') + 1;
            var indent = block.Groups["indent"].Value;
            var body = string.Join('\n', block.Groups["body"].Value.Split('\n').Select(row => row.StartsWith(indent, StringComparison.Ordinal) ? row[indent.Length..] : row));
            if (FileName().Match(LineBefore(text, block.Index)) is { Success: true } file)
                yield return new WriteFile(line, file.Groups[1].Value, body);
            else if (block.Groups["language"].Value is "sh" or "console")
                foreach (var command in body.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(row => row.Trim()).Where(row => row.Length > 0 && !row.StartsWith('#')))
                    yield return new Command(line, command);
            else if (block.Groups["language"].Value == "yaml")
                foreach (Match step in PipelineStep().Matches(body))
                    yield return new Command(line, step.Groups[1].Value);
        }
    }

    static string LineBefore(string text, int index) =>
        text[..index].TrimEnd().Split('\n')[^1];

    [GeneratedRegex(@"^(?<indent>[ ]*)```(?<language>\w*)\n(?<body>.*?)^\k<indent>```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*- (.*\./maintenance .*)$", RegexOptions.Multiline)]
    private static partial Regex PipelineStep();

    [GeneratedRegex(@"`([\w./-]+)`:$")]
    private static partial Regex FileName();
}

using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Documents;

/// <summary>
/// Every command that a page names, also in the middle of a sentence, is one that the program takes. Whether the commands of a
/// page's examples do what the page says is seen in the end-to-end tests, which run them.
/// </summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string> Pages => [.. Documents.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_can_be_said(string page)
    {
        var refused = Commands(File.ReadAllText(Documents.PathOf(page)))
            .Select(command => (Command: command, CommandLine.Root(Terminal.Console).Parse(Words(command)).Errors))
            .Where(parsed => parsed.Errors.Count > 0 && !IsVerbAlone(parsed.Command))
            .Select(parsed => $"{page}: `maintenance {parsed.Command}`: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");

        Assert.Empty(refused);
    }

    [Fact]
    public void A_command_that_does_not_exist_is_found() =>
        Assert.NotEmpty(CommandLine.Root(Terminal.Console).Parse(Words("prune --everything")).Errors);

    /// <summary>A sentence may name a verb without what it needs.</summary>
    static bool IsVerbAlone(string command) =>
        CommandLine.Root(Terminal.Console).Parse(Words(command)) is var parsed && !parsed.UnmatchedTokens.Any()
        && Words(command).All(word => char.IsAsciiLetterLower(word[0]));

    /// <summary>What follows <c>maintenance</c> in code spans and code blocks.</summary>
    static IEnumerable<string> Commands(string text) =>
        CodeSpan().Matches(Block().Replace(text, "")).Select(match => match.Groups[1].Value)
            .Concat(text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => CommandOfBlock().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value))
            .Select(command => command.Trim())
            .Where(command => command is not ("" or "VERB --help"));

    /// <summary>
    /// The words as a shell would cut them. Brackets around what may be left out, the dots behind what may be repeated and what stands
    /// behind the bar of a choice are the page's, not the command's.
    /// </summary>
    static IReadOnlyList<string> Words(string command) =>
        [.. CommandLineParser.SplitCommandLine(Behind().Replace(Substitution().Replace(command, "x"), "").Replace("…", "", StringComparison.Ordinal)
                .Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal))
            .Select(word => word.StartsWith('<') || !word.Contains('|') ? word : word.Split('|')[0])];

    [GeneratedRegex(@"(?<!`)`(?:\./)?maintenance ((?!\.)[a-z][^`]*)`(?!`)")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*(?:\$ )?(?:\./)?maintenance ([a-z][^#>|]*)")]
    private static partial Regex CommandOfBlock();

    [GeneratedRegex(@"\$\([^)]*\)")]
    private static partial Regex Substitution();

    [GeneratedRegex(@"\s(#|>|\|\s|&).*$")]
    private static partial Regex Behind();
}

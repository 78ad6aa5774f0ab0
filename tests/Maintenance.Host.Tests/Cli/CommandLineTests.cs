using System.CommandLine.Help;
using System.Globalization;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("stauts", "there is no command 'stauts'. Did you mean 'status'?")]
    [InlineData("run retyr", "there is no command 'retyr'. Did you mean 'retry'?")]
    [InlineData("run", "say which command: pause, resume, skip, cancel, retry.")]
    [InlineData("why hello", "Required argument missing for command: 'why'.")]
    public async Task What_cannot_be_said_is_told_with_what_may_have_been_meant(string words, string expected)
    {
        var (exitCode, _, errors) = await SayAsync(words.Split(' '));

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_nothing_is_shown_what_can_be_said()
    {
        var (exitCode, output, _) = await SayAsync();

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Equal((await SayAsync("--help")).Output, output);
        Assert.Contains("Begin with `maintenance up`", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_tells_of_every_command_once_and_of_every_option()
    {
        var root = CommandLine.Root(Terminal.Console);

        var lines = (await SayAsync("--help")).Output.Split('\n');

        Assert.All(root.Subcommands, command => Assert.Single(lines, line => line.StartsWith($"  {command.Name} ", StringComparison.Ordinal)));
        Assert.All(
            root.Options.Where(option => option is not HelpOption and not System.CommandLine.VersionOption),
            option => Assert.Single(lines, line => line.StartsWith($"  {option.Name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_help_of_a_command_is_its_own()
    {
        var (exitCode, output, _) = await SayAsync("why", "--help");

        Assert.Equal(ExitCode.Ok, exitCode);
        Assert.DoesNotContain("Begin with", output, StringComparison.Ordinal);
    }

    static async Task<(int ExitCode, string Output, string Errors)> SayAsync(params string[] words)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync(words, new Terminal(output, errors));
        return (exitCode, output.ToString(), errors.ToString());
    }
}

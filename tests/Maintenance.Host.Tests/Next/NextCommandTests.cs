using System.Text.Json;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Next;

public sealed class NextCommandTests
{
    [Fact]
    public async Task The_times_of_a_bare_line_are_printed_with_notes_for_machines()
    {
        var said = await NextCall.RunAsync("--cron", "30 2 * * *", "--time-zone", "Europe/Berlin", "--from", "2027-03-27T12:00Z", "-n", "2", "--json");

        using var json = JsonDocument.Parse(said.Output);
        Assert.Equal(["2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"], json.RootElement.GetProperty("times").EnumerateArray().Select(time => time.GetString()));
        Assert.Contains("02:30 does not exist on 2027-03-28 in Europe/Berlin", Assert.Single(json.RootElement.GetProperty("notes").EnumerateArray()).GetString());
        Assert.Empty(said.Errors);
    }

    [Theory]
    [InlineData("@daily", "2027-01-02T00:00:00Z")]
    [InlineData("@midnight", "2027-01-02T00:00:00Z")]
    [InlineData("@annually", "2028-01-01T00:00:00Z")]
    public async Task A_macro_is_a_line_and_no_file_of_arguments(string macro, string first)
    {
        var said = await NextCall.RunAsync("--cron", macro, "--from", "2027-01-01T00:00Z", "-n", "1", "--json");

        Assert.Equal(ExitCode.Ok, said.ExitCode);
        Assert.Contains(first, said.Output);
    }

    [Fact]
    public async Task A_bad_expression_is_shown_with_a_mark_under_the_bad_part()
    {
        var said = await NextCall.RunAsync("--cron", "0 0 * * mon#1");

        Assert.Equal(ExitCode.Failed, said.ExitCode);
        var lines = said.Errors.Split('\n');
        Assert.StartsWith("maintenance: --cron, column 9: SCH023 'mon#1': Debian's cron stops reading at '#' and runs every week on mon.", lines[0]);
        Assert.Equal(["    0 0 * * mon#1", "            ^"], lines[1..3]);
        Assert.Empty(said.Output);
    }

    [Theory]
    [InlineData("--every", "5 minutes", "--every, column 1: SCH006")]
    [InlineData("--at", "tomorrow", "--at, column 1: SCH031")]
    [InlineData("--on-calendar", "*-*-* 24:00", "--on-calendar, column 7: SCH030")]
    public async Task Every_kind_of_timing_is_refused_with_its_column(string option, string text, string message)
    {
        var said = await NextCall.RunAsync(option, text);

        Assert.Equal(ExitCode.Failed, said.ExitCode);
        Assert.Contains(message, said.Errors);
    }

    [Theory]
    [InlineData("-n", "0")]
    [InlineData("-n", "100001")]
    [InlineData("--missing", "shfit")]
    [InlineData("--from", "soon")]
    [InlineData("--every", "5m")]
    public async Task A_wrong_command_line_is_no_bad_expression(string option, string value)
    {
        var said = await NextCall.RunAsync("--cron", "30 2 * * *", option, value);

        Assert.Equal(ExitCode.Usage, said.ExitCode);
        Assert.NotEmpty(said.Errors);
    }

    [Fact]
    public async Task Ten_thousand_times_of_a_line_come_in_one_call()
    {
        var said = await NextCall.RunAsync("--cron", "*/5 * * * *", "--time-zone", "Europe/Berlin", "--from", "2027-03-01T00:00Z", "-n", "10000", "--json");

        Assert.Equal(10_000, said.Times.Count);
    }
}

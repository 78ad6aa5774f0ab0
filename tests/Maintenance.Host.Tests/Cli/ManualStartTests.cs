using Maintenance.Host.Cli;
using Maintenance.Host.Tests.Reconcile;

namespace Maintenance.Host.Tests.Cli;

/// <summary>What is wrong about a start by a person is told to that person, not to the run.</summary>
public sealed class ManualStartTests : IAsyncLifetime
{
    readonly FakeScheduleServer _server = new();
    Installation _here = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await Installation.CreateAsync(_server.Address);
        _here.WriteSchedules(""" "id": "night", "cron": "30 2 * * *" """);
        await _here.ApplyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Theory]
    [InlineData("backup", "", ExitCode.Usage, "The input 'database' is missing")]
    [InlineData("backup", "databse=orders", ExitCode.Usage, "The input 'database' is missing|The job 'backup' has no input 'databse'. Did you mean 'database'?")]
    [InlineData("backup", "database", ExitCode.Usage, "--input is 'database'; write NAME=VALUE.")]
    [InlineData("bakup", "", ExitCode.NotFound, "there is no job or schedule 'bakup'. Did you mean 'backup'? A new one is known after `maintenance apply`.")]
    public async Task A_start_that_the_job_would_refuse_is_refused_before_it(string name, string input, int exitCode, string said)
    {
        var refused = await Assert.ThrowsAsync<CommandFailure>(() => ResolveAsync(name, input));

        Assert.Equal(exitCode, refused.ExitCode);
        Assert.All(said.Split('|'), part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("backup", "database=orders")]
    [InlineData("night", "")]
    public async Task A_right_start_is_let_through_and_a_schedule_brings_its_input(string name, string input)
    {
        var (job, given) = await ResolveAsync(name, input);

        Assert.Equal(("backup", """{"database":"orders"}"""), (job, given.GetRawText()));
    }

    Task<(string Job, System.Text.Json.JsonElement Input)> ResolveAsync(string name, string input) =>
        ManualStart.ResolveAsync(_here.Store, _here.Id, name, input.Length == 0 ? [] : [input], CancellationToken.None);
}

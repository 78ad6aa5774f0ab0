using Maintenance.Host.Cli;
using Maintenance.Records;

namespace Maintenance.Host.Tests.Cli;

public sealed class LastRunsTests : IAsyncLifetime
{
    static readonly DateTimeOffset _now = new(2027, 6, 1, 10, 0, 0, TimeSpan.Zero);

    readonly string _folder = Directory.CreateTempSubdirectory("last-").FullName;
    IRunStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("failed", true)]
    [InlineData("succeeded failed", true)]
    [InlineData("failed timedOut", true)]
    [InlineData("terminated", true)]
    [InlineData("failed skipped", true)]
    [InlineData("failed running", true)]
    [InlineData("failed succeeded", false)]
    [InlineData("failed cancelled", false)]
    [InlineData("succeeded", false)]
    public async Task A_schedule_is_told_of_while_its_newest_finished_run_did_not_end_well(string runs, bool told)
    {
        var statuses = runs.Split(' ');
        for (var i = 0; i < statuses.Length; i++)
            await RunAsync($"r{i}", "nightly", Enum.Parse<RunStatus>(statuses[i], ignoreCase: true), _now.AddHours(i - 10));

        Assert.Equal(told, (await FailedAsync("nightly")).Count == 1);
    }

    [Fact]
    public async Task Other_installations_and_last_months_failures_are_left_out()
    {
        await RunAsync("old", "nightly", RunStatus.Failed, _now.AddDays(-30));
        await RunAsync("other", "theirs", RunStatus.Failed, _now.AddHours(-1));

        Assert.Empty(await FailedAsync("nightly"));
    }

    [Fact]
    public async Task The_line_says_which_run_and_why()
    {
        await RunAsync("0123456789", "nightly", RunStatus.Failed, _now.AddHours(-1));

        Assert.Equal(
            "- nightly: its last run, 01234567 of 2027-06-01T09:00:00Z, failed: the disk is full",
            LastRuns.Text(Assert.Single(await FailedAsync("nightly"))));
    }

    Task<IReadOnlyList<RunRecord>> FailedAsync(params string[] schedules) =>
        LastRuns.FailedAsync(_store, schedules.ToHashSet(), _now, CancellationToken.None);

    Task RunAsync(string id, string schedule, RunStatus status, DateTimeOffset at)
    {
        var run = new RunRecord
        {
            RunId = id, WorkflowId = id, Job = "j", ScheduleId = schedule, DueAt = at, Cause = RunCause.Schedule, Status = status, StartedAt = at,
            FinishedAt = status == RunStatus.Running ? null : at.AddMinutes(1), Reason = status == RunStatus.Failed ? "the disk is full" : null,
        };
        return status == RunStatus.Running
            ? _store.OpenRunAsync(run, CancellationToken.None)
            : _store.FinishRunAsync(run, [], CancellationToken.None);
    }
}

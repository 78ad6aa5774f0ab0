using System.Text.Json;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>A record can be written again from the run's history alone.</summary>
public sealed class RunHistoryTests(RunFixture it) : IClassFixture<RunFixture>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_run_written_again_from_its_history_is_the_record_it_had()
    {
        var run = await it.StartAsync(
            "history-finished",
            """{ "steps": [ { "name": "one", "run": "one.sh" }, { "name": "two", "run": "two.sh", "retry": { "attempts": 2, "initial": "20ms" } } ] }""",
            ("one.sh", "echo rows=12 >>\"$MAINTENANCE_OUTPUT\"; echo hello"), ("two.sh", "echo broken >&2; exit 3"));
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var recorded = await it.RecordOf(run);

        var again = await ReadAsync(run);
        Assert.NotNull(again);
        await it.Store.FinishRunAsync(again, [], Token);

        Assert.Equal(JsonSerializer.Serialize(recorded), JsonSerializer.Serialize(await it.Store.GetRunAsync(run.ResultRunId!, Token)));
    }

    [Fact]
    public async Task A_terminated_run_has_what_was_reported_until_then()
    {
        var (up, end) = (it.Scratch("history-up"), it.Scratch("history-end"));
        var run = await it.StartAsync(
            "history-terminated",
            """{ "steps": [ { "name": "one", "run": "one.sh" }, { "name": "long", "run": "long.sh", "timeout": "20s" }, { "name": "never", "run": "one.sh" } ] }""",
            ("one.sh", "echo done"), ("long.sh", $"touch {up}; until [ -e {end} ]; do sleep 0.1; done"));
        await Eventually.IsTrue(() => File.Exists(up), "the second step to run");
        var open = await ReadAsync(run);
        await run.TerminateAsync("by an operator");
        await File.WriteAllTextAsync(end, "", Token);

        var ended = await ReadAsync(run);

        Assert.Equal(RunStatus.Running, open?.Status);
        Assert.Null(open?.FinishedAt);
        Assert.Equal(
            [StepStatus.Succeeded, StepStatus.Running, StepStatus.Pending], open!.Steps.Select(step => step.Status));
        Assert.Equal(RunStatus.Terminated, ended?.Status);
        Assert.Equal("The run was terminated: by an operator", ended?.Reason);
        Assert.NotNull(ended?.FinishedAt);
        Assert.Equal([StepStatus.Succeeded, StepStatus.Unknown, StepStatus.Skipped], ended!.Steps.Select(step => step.Status));
        Assert.Equal("done\n", ended.Steps[0].Attempts.Single().Output?.Head);
        await it.Store.FinishRunAsync(ended, [], Token);
        Assert.Equal(RunStatus.Terminated, (await it.Store.GetRunAsync(ended.RunId, Token))?.Status);
    }

    [Fact]
    public async Task The_messages_of_a_question_are_no_attempts_of_a_terminated_run()
    {
        var run = await it.StartAsync("history-asked", """{ "steps": [ { "name": "ask", "approval": { "message": "?" } }, { "name": "w", "wait": "1s" } ] }""");
        await Eventually.IsTrue(() => it.Notices.Any(n => n.WorkflowId == run.Id), "the message to go out");
        await Eventually.IsTrue(() => run.FetchHistoryAsync().Result.Events.Any(e => e.ActivityTaskCompletedEventAttributes?.ScheduledEventId > 10), "its end");
        await run.TerminateAsync("by an operator");

        var ended = await ReadAsync(run);

        Assert.Equal(["ask", "w"], ended!.Steps.Select(s => s.Name));
    }

    [Theory]
    [MemberData(nameof(RunReplayTests.Recorded), MemberType = typeof(RunReplayTests))]
    public async Task A_history_of_an_earlier_version_still_gives_its_record(string file)
    {
        var history = WorkflowHistory.FromJson("recorded", await File.ReadAllTextAsync(Path.Combine(RunReplayTests.Folder(), file), Token));

        var record = await RunHistory.ReadAsync([.. history.Events], DataConverter.Default);

        Assert.NotNull(record);
        Assert.NotEqual(RunStatus.Running, record.Status);
        Assert.NotEmpty(record.Steps);
    }

    static async Task<RunRecord?> ReadAsync(WorkflowHandle run) =>
        await RunHistory.ReadAsync([.. (await run.FetchHistoryAsync()).Events], DataConverter.Default);
}

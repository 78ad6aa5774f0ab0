using System.Text.Json;
using Maintenance.Records.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Records.Tests.Reports;

public sealed class WebhookReceiverTests : IAsyncLifetime
{
    static readonly RunReports Reports = new(new() { WebhookUrl = "http://chat", TemporalUi = "http://ui" });

    readonly string _folder = Directory.CreateTempSubdirectory("webhook-").FullName;
    readonly ManualTime _time = new(Some.Start.AddHours(1));
    readonly CapturingWebhook _chat = new();
    IRunStore? _store;
    int _hour;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    IRunStore Store => _store ?? throw new InvalidOperationException("The test has not been initialised.");

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _chat.Dispose();
    }

    [Fact]
    public async Task Only_a_change_of_state_is_told()
    {
        foreach (var status in new[] { RunStatus.Succeeded, RunStatus.Succeeded, RunStatus.Failed, RunStatus.TimedOut, RunStatus.Failed, RunStatus.Skipped, RunStatus.Failed, RunStatus.Succeeded, RunStatus.Succeeded })
            await RunAsync("nightly", status);

        Assert.Equal(
            ["backup failed", "backup failed, 3 times in a row", "backup works again"],
            _chat.Bodies.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Schedules_of_one_job_have_states_of_their_own()
    {
        await RunAsync("orders", RunStatus.Failed);
        await RunAsync("billing", RunStatus.Failed);
        await RunAsync(null, RunStatus.Succeeded);
        await RunAsync("billing", RunStatus.Succeeded);

        Assert.Equal(3, _chat.Bodies.Count);
        Assert.Contains("(billing)* works again after 1 failed run ", Markdown(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_says_what_where_and_how_to_look()
    {
        await RunAsync("nightly", RunStatus.Failed);

        var words = Markdown(0);
        Assert.Equal(
            """
            :red_circle: *backup (nightly)* failed in step `restore` after 42 s.
            > Step &lt;!channel&gt; &amp; co
            `maintenance show run-1`  <http://ui/namespaces/default/workflows/wf-run-1/run-1/history|Open the run>
            """,
            words);
    }

    [Fact]
    public async Task A_wait_for_a_person_is_told_with_the_commands_that_end_it()
    {
        await Store.EnqueueAsync(Reports.OfApproval(Some.News("r1", "w1", "terraform-change")), Token);

        await DeliverAsync();

        Assert.Equal(
            """
            :raised_hand: *terraform-change* waits for approval of step `restore` until 2026-03-01 06:00 UTC. It is for group:dba, grace.
            > Go?
            `maintenance approve r1 --evidence e`  `maintenance reject r1`  <http://ui/namespaces/default/workflows/w1/r1/history|Open the run>
            """,
            Markdown(0));
    }

    [Fact]
    public async Task Reminders_and_escalations_are_messages_of_their_own()
    {
        var news = Some.News("r1", "w1", "change") with { Requester = "ann", At = Some.Start.AddMinutes(-3) };
        await Store.EnqueueAsync(Reports.OfApproval(news), Token);
        await Store.EnqueueAsync(Reports.OfApproval(news with { Reminder = 1, At = Some.Start.AddMinutes(-2) }), Token);
        await Store.EnqueueAsync(Reports.OfApproval(news with { Reminder = 1, At = Some.Start.AddMinutes(-2) }), Token);
        await Store.EnqueueAsync(Reports.OfApproval(news with { Escalated = ["group:oncall"], At = Some.Start.AddMinutes(-1) }), Token);

        await DeliverAsync();

        var said = Enumerable.Range(0, _chat.Bodies.Count).Select(i => Markdown(i).Split('\n')[0]).ToList();
        Assert.Equal(
            [
                ":raised_hand: *change* waits for approval of step `restore` until 2026-03-01 06:00 UTC. It is for group:dba, grace. Not for ann, who started it.",
                ":raised_hand: *change* still waits for approval of step `restore` until 2026-03-01 06:00 UTC. It is for group:dba, grace. Not for ann, who started it.",
                ":raised_hand: *change* still waits for approval of step `restore` until 2026-03-01 06:00 UTC. Nobody answered, so it is also for group:oncall now. Not for ann, who started it.",
            ], said);
    }

    [Fact]
    public async Task A_payload_that_chat_refuses_is_set_aside()
    {
        _chat.Answer(System.Net.HttpStatusCode.BadRequest);

        await RunAsync("nightly", RunStatus.Failed);

        Assert.Single(await Store.ListDeadLettersAsync(10, Token));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(10, true)]
    [InlineData(20, false)]
    [InlineData(30, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Failures_in_a_row_are_told_ever_more_rarely(int failures, bool told) =>
        Assert.Equal(told, WebhookReceiver.IsWorthTelling(failures));

    async Task RunAsync(string? schedule, RunStatus status)
    {
        var id = $"run-{++_hour}";
        var run = Some.FullRun(id) with
        {
            ScheduleId = schedule,
            Status = status,
            StartedAt = Some.Start.AddHours(_hour),
            FinishedAt = Some.Start.AddHours(_hour).AddSeconds(42),
            Reason = "Step <!channel> & co",
        };
        await Store.FinishRunAsync(run, Reports.Of(run), Token);
        _time.Advance(TimeSpan.FromHours(1));
        await DeliverAsync();
    }

    async Task DeliverAsync()
    {
        using var receiver = new WebhookReceiver("http://chat", Store, TimeProvider.System, _chat);
        await new OutboxDispatcher(Store, [receiver], _time, NullLogger<OutboxDispatcher>.Instance).TurnAsync(receiver, Token);
    }

    string Markdown(int index) =>
        JsonDocument.Parse(_chat.Bodies[index]).RootElement.GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString() ?? "";
}

using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Records.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>A schedule that is due at 10:00 and should be finished by 11:00.</summary>
public sealed class FinishWatchTests : IAsyncLifetime
{
    static readonly DateTimeOffset _due = new(2027, 6, 1, 10, 0, 0, TimeSpan.Zero);

    static readonly RunRecord _run = new()
    {
        RunId = "0197a000-0000-7000-8000-000000000001", WorkflowId = LedgerCauses.WorkflowId("slow", _due), Job = "backup", Installation = "here", ScheduleId = "slow", DueAt = _due,
        Cause = RunCause.Schedule, Status = RunStatus.Running, StartedAt = _due,
    };

    readonly string _folder = Directory.CreateTempSubdirectory("finish-").FullName;
    IRunStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(CancellationToken.None);
        await _store.PutAppliedScheduleAsync(
            new()
            {
                Installation = "here", ScheduleId = "slow", Job = "backup", SpecHash = "1", ContentHash = "1", AppliedAt = _due.AddDays(-1),
                SourceJson = """{ "id": "slow", "job": "backup", "cron": "0 10 * * *", "timeZone": "UTC", "catchUp": "30m", "finishBy": "1h" }""",
            },
            CancellationToken.None);
        await _store.OpenRunAsync(_run, CancellationToken.None);
        await KeepAsync(_due.AddHours(-1));
        await KeepAsync(_due.AddMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_that_goes_on_beyond_its_time_is_an_alarm_and_one_message_until_it_ends()
    {
        await WatchAsync(_due.AddMinutes(59));
        Assert.Empty(await AlarmsAsync());

        await WatchAsync(_due.AddMinutes(61));
        await WatchAsync(_due.AddMinutes(62));
        var alarm = Assert.Single(await AlarmsAsync());
        Assert.Equal("finish-by:slow", alarm.Name);
        Assert.Contains("should be finished by 2027-06-01T11:00:00Z and is not; `maintenance show 0197a000", alarm.Message, StringComparison.Ordinal);
        var message = Assert.Single(await _store.ClaimOutboxAsync("webhook", 10, _due.AddHours(2), TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(("finish-overdue", _run.RunId), (message.Kind, message.RunId));

        await _store.FinishRunAsync(_run with { Status = RunStatus.Succeeded, FinishedAt = _due.AddMinutes(70) }, [], CancellationToken.None);
        await KeepAsync(_due.AddMinutes(71));
        await WatchAsync(_due.AddMinutes(71));
        Assert.Empty(await AlarmsAsync());
        var row = Assert.Single(await _store.ListOccurrencesAsync(new() { Installation = "here" }, CancellationToken.None));
        Assert.Equal((OccurrenceStatus.Ran, "not finished by 2027-06-01T11:00:00Z (finishBy 1h)"), (row.Status, row.Reason));
    }

    Task WatchAsync(DateTimeOffset now) =>
        new FinishWatch(_store, new RunReports(new() { WebhookUrl = "http://127.0.0.1:9/hook" }), "here", new FixedTime(now), NullLogger.Instance).RunAsync(CancellationToken.None);

    Task KeepAsync(DateTimeOffset now) =>
        new LedgerKeeper(_store, (_, _, _) => Task.FromResult(new ServerView { Exists = true }), "here", new FixedTime(now), NullLogger.Instance).RunAsync(CancellationToken.None);

    Task<IReadOnlyList<Alarm>> AlarmsAsync() => _store.ListAlarmsAsync("here", CancellationToken.None);

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

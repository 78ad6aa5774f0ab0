using Maintenance.Host.Cli;
using Maintenance.Records;

namespace Maintenance.Host.Tests.Reconcile;

public sealed class WhyAnswerTests : IAsyncLifetime
{
    static readonly DateTimeOffset _first = new(2027, 6, 1, 10, 0, 0, TimeSpan.Zero);

    readonly string _folder = Directory.CreateTempSubdirectory("why-").FullName;
    IRunStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(CancellationToken.None);
        await _store.PutAppliedScheduleAsync(
            new()
            {
                Installation = "here", ScheduleId = "hourly", Job = "j", SourceJson = """{ "id": "hourly", "job": "j", "cron": "0 * * * *", "timeZone": "UTC" }""",
                SpecHash = "1", ContentHash = "1", AppliedAt = _first.AddHours(-1),
            },
            CancellationToken.None);
        var row = new OccurrenceRecord
        {
            Installation = "here", ScheduleId = "hourly", DueAt = _first, LastDueAt = _first.AddHours(4), Count = 5, Status = OccurrenceStatus.Skipped,
            Cause = "paused", Reason = "the disk is full", SpecHash = "1", UpdatedAt = _first.AddHours(5),
        };
        await _store.WriteLedgerAsync(new() { Installation = "here", From = null, Until = _first.AddHours(5), SeenAt = _first.AddHours(5), Rows = [row] }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_due_time_in_the_middle_of_a_row_of_several_is_answered_by_the_row(int hours)
    {
        var answer = await AskAsync(_first.AddHours(hours));

        Assert.Contains("the disk is full", answer.Sentence, StringComparison.Ordinal);
        Assert.Contains($"{10 + hours}:00", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_between_the_due_times_of_a_row_is_no_due_time()
    {
        var answer = await AskAsync(_first.AddMinutes(90));

        Assert.Null(answer.Row);
        Assert.Contains("is no due time of hourly", answer.Sentence, StringComparison.Ordinal);
    }

    async Task<WhyAnswer.Answer> AskAsync(DateTimeOffset at) =>
        (await new WhyAnswer(_store, "here").OfAsync("hourly", at, at.AddMinutes(1), _first.AddHours(6), CancellationToken.None))!;
}

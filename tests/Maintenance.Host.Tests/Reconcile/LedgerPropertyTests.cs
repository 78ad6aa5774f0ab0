using Maintenance.Records;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// For random outages, clock steps, edits and pauses: every due time is in exactly one row, every run is linked by exactly one, and what the ledger
/// says is what the server did.
/// </summary>
public sealed class LedgerPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Every_due_time_is_accounted_for_once(int seed) => CheckAsync(seed, minutes: 16 * 60);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Every_due_time_is_accounted_for_once_for_many_seeds()
    {
        var first = Random.Shared.Next();
        for (var seed = first; seed < first + 40; seed++)
            await CheckAsync(seed, minutes: 36 * 60);
    }

    static async Task CheckAsync(int seed, int minutes)
    {
        await using var model = new LedgerModel(seed);
        await model.RunAsync(minutes);

        var state = await model.Store.GetLedgerStateAsync("here", CancellationToken.None);
        var rows = await model.Store.ListOccurrencesAsync(new() { Installation = "here", Limit = 1_000_000 }, CancellationToken.None);
        var runs = await model.Store.ListScheduledRunsAsync("here", DateTimeOffset.UnixEpoch, [], CancellationToken.None);
        var due = model.Due(state!.AccountedUntil);

        Assert.True(runs.Count > 20 && due.Count > runs.Count, $"seed {seed} tests too little: {runs.Count} runs of {due.Count} due times");
        foreach (var at in due)
        {
            var telling = rows.Where(row => row.ScheduleId == at.Id && row.DueAt <= at.DueAt && at.DueAt <= row.LastDueAt).ToList();
            Assert.True(telling.Count == 1, $"seed {seed}: {at.Id} at {at.DueAt:O} is in {telling.Count} rows:\n{string.Join("\n", telling)}");
            // What came due with the last look is still waited for.
            if (at.DueAt < state.AccountedUntil.AddMinutes(-1) && model.Truth.TryGetValue(at, out var truth))
                Assert.True(Says(telling[0]) == truth || telling[0].Cause == "edited", $"seed {seed}: {at.Id} at {at.DueAt:O} {truth}, but the ledger says {telling[0]}");
        }

        Assert.Equal(due.Count, rows.Where(row => row.Cause != "dst").Sum(row => row.Count) + rows.Count(row => row.Cause == "dst"));
        Assert.Equal(runs.Select(run => run.RunId).Order(StringComparer.Ordinal), rows.Select(row => row.RunId).OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(runs.Count, runs.Select(run => (run.ScheduleId, run.DueAt)).Distinct().Count());
    }

    static string Says(OccurrenceRecord row) => row.Status switch
    {
        OccurrenceStatus.Ran or OccurrenceStatus.RanLate or OccurrenceStatus.Running => "ran",
        _ => row.Status.ToString().ToLowerInvariant(),
    };
}

using Maintenance.Records;
using Maintenance.Records.Tests;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// For random outages, clock steps, edits, pauses, skips and extra runs, on both kinds of records: every due time is in exactly one row, every run is
/// linked by exactly one, and what the ledger says is what the server did.
/// </summary>
public sealed class LedgerPropertyTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    const int Seeds = 60;
    const int PostgresSeeds = 15;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Every_due_time_is_accounted_for_once(int seed) => OnSqliteAsync(seed, minutes: 16 * 60);

    [Fact]
    public Task Every_due_time_is_accounted_for_once_on_Postgres() => OnPostgresAsync(seed: 4, minutes: 8 * 60);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Every_due_time_is_accounted_for_once_for_many_seeds()
    {
        var first = First;
        for (var seed = first; seed < first + Seeds; seed++)
        {
            await OnSqliteAsync(seed, minutes: 36 * 60);
            Tell(seed);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Every_due_time_is_accounted_for_once_for_many_seeds_on_Postgres()
    {
        var first = First;
        for (var seed = first; seed < first + PostgresSeeds; seed++)
        {
            await OnPostgresAsync(seed, minutes: 36 * 60);
            Tell(seed);
        }
    }

    static int First => Environment.GetEnvironmentVariable("MAINTENANCE_TEST_SEED") is { } given ? int.Parse(given) : Random.Shared.Next(1_000_000_000);

    static void Tell(int seed) => TestContext.Current.SendDiagnosticMessage($"seed {seed} is good");

    static async Task OnSqliteAsync(int seed, int minutes)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-").FullName;
        await CheckAsync(seed, minutes, RunStores.Open(Path.Combine(folder, "records.db")));
        Directory.Delete(folder, recursive: true);
    }

    async Task OnPostgresAsync(int seed, int minutes) => await CheckAsync(seed, minutes, RunStores.Open(await postgres.CreateSchemaAsync()));

    static async Task CheckAsync(int seed, int minutes, IRunStore store)
    {
        await using var model = await LedgerModel.CreateAsync(seed, store);
        await model.RunAsync(minutes);

        var state = await store.GetLedgerStateAsync("here", CancellationToken.None);
        var rows = await store.ListOccurrencesAsync(new() { Installation = "here", Limit = 1_000_000 }, CancellationToken.None);
        var all = await store.ListScheduledRunsAsync("here", DateTimeOffset.UnixEpoch, [], CancellationToken.None);
        var runs = all.Where(run => run.Cause != RunCause.Manual).ToList();
        var due = model.Due(state!.AccountedUntil);

        Assert.True(runs.Count > 20 && due.Count > runs.Count, $"seed {seed} tests too little: {runs.Count} runs of {due.Count} due times");
        foreach (var at in due)
        {
            var telling = rows.Where(row => row.ScheduleId == at.Id && row.DueAt <= at.DueAt && at.DueAt <= row.LastDueAt).ToList();
            Assert.True(telling.Count == 1, $"seed {seed}: {at.Id} at {at.DueAt:O} is in {telling.Count} rows:\n{string.Join("\n", telling)}\n{model.Story}");
            // What came due with the last look is still waited for.
            if (at.DueAt < state.AccountedUntil.AddMinutes(-1) && model.Truth.TryGetValue(at, out var truth))
                Assert.True(
                    Says(telling[0]) == truth || telling[0].Cause == "edited",
                    $"seed {seed}: {at.Id} at {at.DueAt:O} {truth}, but the ledger says {telling[0]}\n{model.Story}");
        }

        Assert.Equal(due.Count, rows.Where(row => row.Cause != "dst").Sum(row => row.Count) + rows.Count(row => row.Cause == "dst"));
        var replaced = rows.Where(row => row.Cause == "replaced").ToList();
        Assert.Equal(runs.Select(run => run.RunId).Order(StringComparer.Ordinal), rows.Except(replaced).Select(row => row.RunId).OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(runs.Count, runs.Select(run => (run.ScheduleId, run.DueAt)).Distinct().Count());
        // What somebody ran instead is told by its link, and ran once.
        Assert.Equal(model.ExtraRuns.Order(StringComparer.Ordinal), all.Except(runs).Select(run => run.WorkflowId).Order(StringComparer.Ordinal));
        Assert.All(replaced, row => Assert.Contains("-run-at-", row.RunId));
    }

    static string Says(OccurrenceRecord row) => row.Status switch
    {
        OccurrenceStatus.Ran or OccurrenceStatus.RanLate or OccurrenceStatus.Running => "ran",
        _ => row.Status.ToString().ToLowerInvariant(),
    };
}

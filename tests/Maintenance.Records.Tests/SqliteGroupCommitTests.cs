using Microsoft.Data.Sqlite;

namespace Maintenance.Records.Tests;

public sealed class SqliteGroupCommitTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;
    IRunStore? _store;

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
    }

    [Fact]
    public async Task A_write_that_fails_takes_none_of_its_neighbours_with_it()
    {
        var step = Some.FullRun("x").Steps[0];
        var writes = Enumerable.Range(0, 60)
            .Select(i => Some.FullRun($"r{i}") with { Steps = i % 3 == 0 ? [step, step] : [step] })
            .Select(run => Task.Run(() => Store.FinishRunAsync(run, [Some.Message($"m-{run.RunId}", run.RunId)], Token)))
            .ToList();

        var failed = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (SqliteException)
            {
                failed++;
            }
        }

        Assert.Equal(20, failed);
        Assert.Equal(40, (await Store.ListRunsAsync(new(), Token)).Runs.Count);
        Assert.Equal(40, (await Store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task More_writers_than_fit_in_one_transaction_all_get_their_turn()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => Store.OpenRunAsync(Some.RunningRun($"r{i}"), Token))));

        Assert.Equal(500, (await Store.ListRunsAsync(new() { Limit = 1000 }, Token)).Runs.Count);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_others_alone()
    {
        using var impatient = new CancellationTokenSource();
        var writes = Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => Store.FinishRunAsync(Some.FullRun($"r{i}"), [], i % 2 == 0 ? Token : impatient.Token)))
            .ToList();
        await impatient.CancelAsync();

        await Task.WhenAll(writes.Where((_, i) => i % 2 == 0));
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        await Store.FinishRunAsync(Some.FullRun("after"), [], Token);

        var runs = (await Store.ListRunsAsync(new(), Token)).Runs.Select(run => run.RunId).ToList();
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"r{2 * i}", runs));
        Assert.Contains("after", runs);
    }
}

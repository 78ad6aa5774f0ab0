using Microsoft.Data.Sqlite;

namespace Maintenance.Records.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SqliteFailureTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string Path => System.IO.Path.Combine(_folder, "records.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        await File.WriteAllTextAsync(Path, new string('x', 5000), Token);
        await using var store = RunStores.Open(Path);

        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => store.MigrateAsync(Token));

        Assert.Contains(Path, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_where_no_file_can_be_made_is_named()
    {
        await File.WriteAllTextAsync(Path, "", Token);
        await using var store = RunStores.Open(System.IO.Path.Combine(Path, "below", "records.db"));

        var away = await Assert.ThrowsAsync<RunStoreUnavailableException>(() => store.MigrateAsync(Token));

        Assert.Contains("cannot be created", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_belongs_to_its_owner_alone()
    {
        await using var store = RunStores.Open(Path);

        await store.MigrateAsync(Token);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path + "-wal"));
    }

    [Fact]
    public async Task Another_writer_for_a_moment_is_waited_for()
    {
        await using var store = RunStores.Open(Path);
        await store.MigrateAsync(Token);
        await using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        await other.OpenAsync(Token);
        var transaction = other.BeginTransaction(deferred: false);

        var finish = Task.Run(() => store.FinishRunAsync(Some.FullRun("r1"), [], Token), Token);
        // That it waits shows only over a time: too short a one would miss that it does not, and never fail without a reason.
        await Task.Delay(300, Token);
        Assert.False(finish.IsCompleted);
        await transaction.CommitAsync(Token);

        await finish;
        Assert.NotNull(await store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task Two_processes_may_write_the_same_file()
    {
        await using var one = RunStores.Open(Path);
        await using var two = RunStores.Open(Path);
        await Task.WhenAll(Task.Run(() => one.MigrateAsync(Token), Token), Task.Run(() => two.MigrateAsync(Token), Token));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => (i % 2 == 0 ? one : two).FinishRunAsync(Some.FullRun($"r{i}"), [], Token), Token)));

        Assert.Equal(40, (await two.ListRunsAsync(new(), Token)).Runs.Count);
    }
}

namespace Maintenance.Records.Tests;

/// <summary>The record file on a disk that gets full or read-only under load, and is well again. Needs root, who may mount a small disk.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SqliteDiskTests : IDisposable
{
    readonly SmallDisk? _disk = SmallDisk.TryMount();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _disk?.Dispose();

    [Fact]
    public async Task Where_root_may_mount_a_disk_a_full_one_loses_and_doubles_nothing()
    {
        Assert.SkipUnless(_disk is not null, "Only root may mount a small disk.");

        await DuringAsync(_disk.Fill, _disk.Free, "full");
    }

    [Fact]
    public async Task Where_root_may_mount_a_disk_a_read_only_one_loses_and_doubles_nothing()
    {
        Assert.SkipUnless(_disk is not null, "Only root may mount a small disk.");
        await using (var store = await OpenAsync())
            await new StoreFailureLoad(store, Token).WriteDuringAsync(Task.CompletedTask);

        _disk.Remount(readOnly: true);
        await using var readOnly = RunStores.Open(Path.Combine(_disk.Folder, "records.db"));
        var away = await Assert.ThrowsAsync<RunStoreUnavailableException>(() => readOnly.FinishRunAsync(Some.FullRun("x"), [], Token));
        _disk.Remount(readOnly: false);
        await readOnly.FinishRunAsync(Some.FinishedRun("x"), [], Token);

        Assert.Contains("permissions", away.Message, StringComparison.Ordinal);
        Assert.NotNull(await readOnly.GetRunAsync("x", Token));
        Assert.Empty((await new EvidenceVerification(readOnly).RunAsync(null, Token)).Findings);
    }

    async Task DuringAsync(Action spoil, Action repair, string expected)
    {
        await using var store = await OpenAsync();
        var load = new StoreFailureLoad(store, Token);
        var trouble = Task.Run(
            async () =>
            {
                spoil();
                await Eventually.Of(() => Task.FromResult(load.Refused), refused => refused > 5);
                repair();
            },
            Token);
        await load.WriteDuringAsync(trouble);

        Assert.True(load.Refused > 5, $"the disk was never {expected}");
        await load.AssertWholeAsync();
    }

    async Task<IRunStore> OpenAsync()
    {
        var store = RunStores.Open(Path.Combine(_disk!.Folder, "records.db"));
        await store.MigrateAsync(Token);
        return store;
    }
}

namespace Maintenance.Records.Tests;

public sealed class SqliteRunStoreTests : RunStoreContract
{
    readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;

    internal override Task<IRunStore> OpenEmptyAsync() => Task.FromResult(RunStores.Open(Path.Combine(_folder, "records.db")));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

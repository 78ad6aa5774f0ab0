using Dapper;
using Microsoft.Data.Sqlite;

namespace Maintenance.Records.Tests;

public sealed class SqliteRunStoreTests : RunStoreContract
{
    readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;

    internal override Task<IRunStore> OpenEmptyAsync() => Task.FromResult(RunStores.Open(Path.Combine(_folder, "records.db")));

    internal override async Task TamperAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "records.db")};Foreign Keys=True;Pooling=False");
        await connection.ExecuteAsync(sql);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

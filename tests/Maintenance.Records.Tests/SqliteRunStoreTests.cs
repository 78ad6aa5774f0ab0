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

    internal override string WithoutReferences => "pragma foreign_keys = off";

    internal override async Task<IReadOnlyList<(string Column, string Other)>> ColumnsOfAsync(string table)
    {
        // A flag is told from a number by its check.
        const string sql = """
            select name, case
                when type = 'TEXT' then 'coalesce(' || name || ', '''') || ''x'''
                when (select sql from sqlite_master where name = @table) like '%' || name || ' in (0, 1)%' then '1 - ' || name
                else 'coalesce(' || name || ', 0) + 1000' end
            from pragma_table_info(@table)
            """;

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "records.db")};Pooling=False");
        return [.. await connection.QueryAsync<(string, string)>(sql, new { table })];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

using Dapper;
using Npgsql;

namespace Maintenance.Records.Tests;

[Collection("postgres")]
public sealed class PostgresRunStoreTests(PostgresServer server) : RunStoreContract
{
    string _schema = "";

    internal override async Task<IRunStore> OpenEmptyAsync() => RunStores.Open(_schema = await server.CreateSchemaAsync());

    internal override async Task TamperAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_schema + ";Pooling=false");
        await connection.ExecuteAsync(sql.Replace("at = 0", "at = 'epoch'", StringComparison.Ordinal));
    }

    internal override string WithoutReferences => "set session_replication_role = replica";

    internal override async Task<IReadOnlyList<(string Column, string Other)>> ColumnsOfAsync(string table)
    {
        const string sql = """
            select column_name, case data_type
                when 'text' then format('coalesce(%I, '''') || ''x''', column_name)
                when 'boolean' then format('not %I', column_name)
                when 'timestamp with time zone' then format('coalesce(%I, now()) + interval ''1 second''', column_name)
                else format('coalesce(%I, 0) + 1000', column_name) end
            from information_schema.columns
            where table_schema = current_schema() and table_name = @table
            """;

        await using var connection = new NpgsqlConnection(_schema + ";Pooling=false");
        return [.. await connection.QueryAsync<(string, string)>(sql, new { table })];
    }
}

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
}

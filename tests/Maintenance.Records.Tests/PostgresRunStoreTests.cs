namespace Maintenance.Records.Tests;

[Collection("postgres")]
public sealed class PostgresRunStoreTests(PostgresServer server) : RunStoreContract
{
    internal override async Task<IRunStore> OpenEmptyAsync() => RunStores.Open(await server.CreateSchemaAsync());
}

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>Two workers, each of which takes runs and steps of any run, with their records in one Postgres.</summary>
public sealed class PairInstallation() : ApartInstallation(workers: 2)
{
    PostgresServer? _postgres;

    internal override PostgresServer? Postgres => _postgres;

    public override async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartNewAsync();
        await _postgres.SqlAsync("create database records");
        MoreFlags = ["--records", $"Host=127.0.0.1;Port={_postgres.Port};Username=postgres;Database=records"];
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }
}

namespace Maintenance.Records.Tests;

/// <summary>What every run store does, written once. Each database supplies an empty, migrated store.</summary>
public abstract partial class RunStoreContract : IAsyncLifetime
{
    IRunStore? _store;

    internal IRunStore Store => _store ?? throw new InvalidOperationException("The test has not been initialised.");

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal abstract Task<IRunStore> OpenEmptyAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenEmptyAsync();
        await _store.MigrateAsync(Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await _store.DisposeAsync();
    }

    /// <summary>Equal by value with all collections, which record equality is not.</summary>
    internal static void Same<T>(T expected, T actual) =>
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(expected), System.Text.Json.JsonSerializer.Serialize(actual));
}

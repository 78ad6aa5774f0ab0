using Temporal.Engine;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>Tests with an engine and an installation of their own.</summary>
public abstract class OnEngine : IAsyncLifetime
{
    private protected string Folder { get; } = Directory.CreateTempSubdirectory("engine-").FullName;

    private protected TemporalEngine Engine { get; private set; } = null!;

    private protected Installation Here { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Engine = await TemporalEngine.StartAsync(new EngineOptions { DataDirectory = Folder, Listen = null }, CancellationToken.None);
        Here = await Installation.CreateAsync(Engine.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Here.DisposeAsync();
        await Engine.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

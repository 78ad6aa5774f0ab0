namespace Temporalio.Client;

/// <summary>Changes how clients are made.</summary>
public interface ITemporalClientPlugin
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>Called once when a client is made.</summary>
    void ConfigureClient(TemporalClientOptions options);

    /// <summary>Called around connecting; must call <paramref name="continuation"/>.</summary>
    Task<TemporalConnection> ConnectAsync(
        TemporalClientConnectOptions options,
        Func<TemporalClientConnectOptions, Task<TemporalConnection>> continuation);
}

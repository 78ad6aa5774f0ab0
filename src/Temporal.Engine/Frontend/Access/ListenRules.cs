using System.Net;

namespace Temporal.Engine;

/// <summary>Where an engine may listen. On loopback the machine's users are trusted; elsewhere callers must prove who they are.</summary>
static class ListenRules
{
    /// <exception cref="EngineStartException">The network could reach the engine, and anyone there could do everything.</exception>
    public static void Check(EngineOptions options)
    {
        if (options.Listen is not { } listen || !IPEndPoint.TryParse(listen, out var address) || IPAddress.IsLoopback(address.Address))
            return;
        if (options.Tls?.ClientCa is not null || options.ApiKeys.Count > 0)
            return;

        throw new EngineStartException(
            $"The engine will not listen on {listen}, which the network can reach, because anyone there could do everything: "
            + "set client certificates (Engine:TlsCertificate, Engine:TlsKey, Engine:TlsClientCa) or API keys (Engine:ApiKeys), "
            + "or use a loopback address.");
    }
}

using System.Collections.Concurrent;

namespace Temporal.Protocol;

/// <summary>The servers of this process by address. A channel that connects to such an address skips the socket.</summary>
public static class InProcessEndpoints
{
    static readonly ConcurrentDictionary<string, InProcessEndpoint> Endpoints = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Until the returned value is disposed; calls under way then fail with UNAVAILABLE.</summary>
    public static IDisposable Register(string address, RpcServiceTable table) =>
        Register(address, new RpcServerOptions { Tables = [table] });

    /// <summary>As above, with the tables, limits, hook and clock of <paramref name="options"/>; its listen address is not used.</summary>
    public static IDisposable Register(string address, RpcServerOptions options) =>
        Register(address, new RpcDispatcher(options), options);

    internal static IDisposable Register(string address, RpcDispatcher dispatcher, RpcServerOptions options)
    {
        var endpoint = new InProcessEndpoint(address, dispatcher, options);
        return Endpoints.TryAdd(address, endpoint)
            ? new Registration(address, endpoint)
            : throw new InvalidOperationException($"A server of this process is already registered as '{address}'.");
    }

    internal static InProcessEndpoint? Find(string address) => Endpoints.GetValueOrDefault(address);

    sealed class Registration(string address, InProcessEndpoint endpoint) : IDisposable
    {
        public void Dispose()
        {
            if (Endpoints.TryRemove(new(address, endpoint)))
                endpoint.Dispose();
        }
    }
}

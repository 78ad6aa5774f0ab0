using System.Collections.Concurrent;
using Temporal.Protocol;

namespace Temporalio.Client;

/// <summary>
/// The metadata that goes with each call of a connection. Made once per namespace and thrown away when the connection's
/// metadata changes, so that a call allocates nothing for it.
/// </summary>
sealed class RpcMetadataCache(
    IReadOnlyCollection<KeyValuePair<string, string>> metadata,
    IReadOnlyCollection<KeyValuePair<string, byte[]>> binaryMetadata,
    string? apiKey)
{
    readonly ConcurrentDictionary<(string Namespace, TimeSpan? Timeout), RpcCallOptions> _options = new();

    public RpcCallOptions For(string ns, TimeSpan? timeout, RpcOptions? options)
    {
        if (options is null or { Metadata: null, BinaryMetadata: null } && timeout is not null && IsUsual(timeout.Value))
            return _options.GetOrAdd((ns, timeout), static (key, cache) => cache.Create(key.Namespace, key.Timeout, null), this);

        return Create(ns, timeout, options);
    }

    static bool IsUsual(TimeSpan timeout) => timeout == RpcTimeouts.Call || timeout == RpcTimeouts.LongPoll;

    RpcCallOptions Create(string ns, TimeSpan? timeout, RpcOptions? options)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["client-name"] = "temporal-dotnet",
            ["client-version"] = ClientVersion.Text,
        };
        if (ns.Length > 0)
            all["temporal-namespace"] = ns;
        if (apiKey is not null)
            all["authorization"] = $"Bearer {apiKey}";

        Add(all, metadata, binaryMetadata);
        Add(all, options?.Metadata ?? [], options?.BinaryMetadata ?? []);
        return new() { Timeout = timeout, Metadata = all };
    }

    static void Add(
        Dictionary<string, string> all,
        IReadOnlyCollection<KeyValuePair<string, string>> texts,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> binaries)
    {
        foreach (var (name, value) in texts)
        {
            if (name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"Metadata '{name}' ends in '-bin': give it as binary metadata.");
            all[name] = value;
        }

        foreach (var (name, value) in binaries)
        {
            if (!name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"Binary metadata '{name}' must end in '-bin'.");
            all[name] = Convert.ToBase64String(value);
        }
    }
}

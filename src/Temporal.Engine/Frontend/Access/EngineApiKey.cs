using System.Security.Cryptography;
using System.Text;

namespace Temporal.Engine;

/// <summary>A caller that proves itself by a key. The key is kept as its hash only.</summary>
public sealed class EngineApiKey
{
    /// <summary>Stands for every namespace, those to come included, and for calls that are about the server as a whole.</summary>
    public const string EveryNamespace = "*";

    /// <summary>A shorter key could be guessed.</summary>
    public const int LengthMin = 16;

    readonly byte[] _hash;
    readonly IReadOnlyDictionary<string, EnginePermission> _permissions;

    /// <param name="name">Who holds the key, for logs.</param>
    /// <param name="key">At least <see cref="LengthMin"/> characters.</param>
    /// <param name="permissions">By namespace, or <see cref="EveryNamespace"/>.</param>
    /// <exception cref="ArgumentException">The key is too short. The message does not repeat it.</exception>
    public EngineApiKey(string name, string key, IReadOnlyDictionary<string, EnginePermission> permissions)
    {
        if (key.Length < LengthMin)
            throw new ArgumentException($"The API key '{name}' has fewer than {LengthMin} characters.", nameof(key));
        Name = name;
        _hash = Hash(key);
        _permissions = permissions;
    }

    public string Name { get; }

    /// <summary>A random key is not guessed from its hash, so one round without salt does.</summary>
    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    internal bool Has(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    /// <param name="ns">Name of a namespace; null for the server as a whole.</param>
    internal bool May(EnginePermission permission, string? ns) =>
        (ns is not null && _permissions.TryGetValue(ns, out var there) && there >= permission)
        || (_permissions.TryGetValue(EveryNamespace, out var everywhere) && everywhere >= permission);

    /// <summary>The name; never the key.</summary>
    public override string ToString() => Name;
}

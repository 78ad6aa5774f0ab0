using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Maintenance.Jobs.Approvals;

/// <summary>A P-256 key that proves who signed. Written as base64 of its SubjectPublicKeyInfo, which is a PEM file's inside.</summary>
public sealed record PublicKey(string Text)
{
    const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Beginning of the key's sha256; names the key in a token.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Text)))[..16];

    public static PublicKey Of(ECDsa key) => new(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));

    /// <summary>False when the text is no such key.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        try
        {
            using var opened = new PublicKey(text).Open();
            key = opened.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256 ? Of(opened) : null;
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            return false;
        }

        return key is not null;
    }

    /// <exception cref="FormatException">No base64.</exception>
    /// <exception cref="CryptographicException">No key of an elliptic curve.</exception>
    public ECDsa Open()
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(Text), out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

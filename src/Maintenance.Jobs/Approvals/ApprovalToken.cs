using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Approvals;

/// <summary>
/// What a person says under his signature: this answer, to this question of this run, about exactly this evidence, until then.
/// </summary>
public sealed record ApprovalClaims
{
    [JsonPropertyName("sub")]
    public string Person { get; init; } = "";

    /// <summary>approve or reject.</summary>
    [JsonPropertyName("answer")]
    public required string Answer { get; init; }

    [JsonPropertyName("run")]
    public required string RunId { get; init; }

    [JsonPropertyName("step")]
    public required string Step { get; init; }

    /// <summary>The whole hash of the evidence.</summary>
    [JsonPropertyName("evidence")]
    public required string Evidence { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>Seconds since 1970.</summary>
    [JsonPropertyName("iat")]
    public required long IssuedAt { get; init; }

    /// <summary>Seconds since 1970; not more than a day after <see cref="IssuedAt"/>.</summary>
    [JsonPropertyName("exp")]
    public required long ExpiresAt { get; init; }
}

/// <summary>
/// A compact JWS (RFC 7515), always signed with ES256, so that other programs can make and check one too. A token of any other algorithm
/// or type is none.
/// </summary>
public static class ApprovalToken
{
    public const string Type = "maintenance-approval";
    const string Algorithm = "ES256";
    const int LengthMax = 8 * 1024;
    static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <summary>Two machines' clocks differ by no more.</summary>
    static readonly TimeSpan _skew = TimeSpan.FromMinutes(2);

    public static string Sign(ApprovalClaims claims, ECDsa key)
    {
        var header = new Header(Algorithm, Type, PublicKey.Of(key).Id);
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Who signed what; the problem is empty when the signature is good and now is its time.</summary>
    public static (ApprovalClaims? Claims, Person? Person, string Problem) Open(string token, People people, DateTimeOffset now)
    {
        if (Parse(token) is not var (header, claims, signature, signed))
            return (null, null, "The token is none that `maintenance approve` makes.");
        if (!people.TryFindKey(header.KeyId, out var person, out var publicKey))
            return (
                null, null,
                $"Nobody in {People.FileName} has the key {header.KeyId} that signed. Add it under \"keys\" of its owner, and apply.");
        using var key = publicKey.Open();
        if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256))
            return (null, null, "The signature does not fit: the token was changed on its way.");
        if (claims.Person != person.Name)
            return (null, null, $"The token says it is of {claims.Person}, and its key is that of {person.Name}.");
        return (claims, person, TimeProblem(claims, now));
    }

    static string TimeProblem(ApprovalClaims claims, DateTimeOffset now)
    {
        var (from, until) = (DateTimeOffset.FromUnixTimeSeconds(claims.IssuedAt), DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt));
        if (until - from > _longest)
            return "The token is good for longer than a day, which none may be.";
        if (now > until + _skew)
            return $"The token was good until {until:u}. Answer again.";
        return now < from - _skew ? $"The token was made at {from:u}, which has not come here. Compare the clocks." : "";
    }

    static (Header Header, ApprovalClaims Claims, byte[] Signature, byte[] Signed)? Parse(string token)
    {
        if (token.Length > LengthMax || token.Split('.') is not [var head, var body, var signature])
            return null;
        try
        {
            var header = JsonSerializer.Deserialize<Header>(Base64Url.DecodeFromChars(head));
            var claims = JsonSerializer.Deserialize<ApprovalClaims>(Base64Url.DecodeFromChars(body));
            return header is { Algorithm: Algorithm, Type: Type } && claims is not null
                && Math.Abs(claims.IssuedAt) < SecondsMax && Math.Abs(claims.ExpiresAt) < SecondsMax
                ? (header, claims, Base64Url.DecodeFromChars(signature), Encoding.ASCII.GetBytes($"{head}.{body}"))
                : null;
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Later times cannot be written.</summary>
    const long SecondsMax = 200_000_000_000;

    static string Encode<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    sealed record Header(
        [property: JsonPropertyName("alg")] string Algorithm, [property: JsonPropertyName("typ")] string Type,
        [property: JsonPropertyName("kid")] string KeyId);
}

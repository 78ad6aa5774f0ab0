using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Records;

/// <summary>people.json as it was applied: who is in force until the next apply.</summary>
public sealed record PeopleRecord
{
    /// <summary>See <see cref="HashOf"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The file's text, which was checked before.</summary>
    public required string Content { get; init; }
    public string? GitCommit { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public required string AppliedBy { get; init; }

    /// <summary>Lower-case hex sha256 of the text in UTF-8.</summary>
    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}

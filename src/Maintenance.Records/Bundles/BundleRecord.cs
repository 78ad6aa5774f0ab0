using System.Security.Cryptography;

namespace Maintenance.Records;

/// <summary>job.json and scripts as applied, stored under the hash of its content and never changed.</summary>
public sealed record BundleRecord
{
    public const int ContentBytesMax = 1024 * 1024;

    /// <summary>Lower-case hex sha256 of <see cref="Content"/>.</summary>
    public required string Hash { get; init; }
    public required string Job { get; init; }
    public string? GitCommit { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required byte[] Content { get; init; }

    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <exception cref="ArgumentException">Too large, or the hash is not that of the content.</exception>
    internal void RequireValid()
    {
        if (Content.Length > ContentBytesMax)
            throw new ArgumentException(
                $"The bundle of job '{Job}' has {Content.Length} bytes; at most {ContentBytesMax} can be applied. Keep large files out of "
                    + "the job's folder.");
        if (Hash != HashOf(Content))
            throw new ArgumentException($"The bundle of job '{Job}' does not have the hash {Hash} that it claims.");
    }
}

/// <summary>The bundle that a start without a hash gets (a manual start, the Temporal UI).</summary>
public sealed record CurrentBundle
{
    public required string Job { get; init; }
    public required string Hash { get; init; }
    public string? GitCommit { get; init; }
    public required DateTimeOffset SetAt { get; init; }
    public string? SetBy { get; init; }
}

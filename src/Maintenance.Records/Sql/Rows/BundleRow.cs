namespace Maintenance.Records;

sealed record BundleRow
{
    public required string Hash { get; init; }
    public required string Job { get; init; }
    public string? GitCommit { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public required byte[] Content { get; init; }

    public BundleRecord ToBundle() => new()
    {
        Hash = Hash,
        Job = Job,
        GitCommit = GitCommit,
        CreatedAt = CreatedAt,
        Content = Content,
    };
}

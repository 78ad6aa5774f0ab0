namespace Maintenance.Records;

sealed record JobRow
{
    public required string Job { get; init; }
    public required string BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public DateTimeOffset SetAt { get; init; }
    public string? SetBy { get; init; }

    public CurrentBundle ToCurrent() => new()
    {
        Job = Job,
        Hash = BundleHash,
        GitCommit = GitCommit,
        SetAt = SetAt,
        SetBy = SetBy,
    };
}

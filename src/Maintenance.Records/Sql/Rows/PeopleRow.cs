namespace Maintenance.Records;

sealed record PeopleRow
{
    public required string Hash { get; init; }
    public required string Content { get; init; }
    public string? GitCommit { get; init; }
    public DateTimeOffset AppliedAt { get; init; }
    public required string AppliedBy { get; init; }

    public static PeopleRow Of(PeopleRecord people) => new()
    {
        Hash = people.Hash,
        Content = people.Content,
        GitCommit = people.GitCommit,
        AppliedAt = StoredTime.Of(people.AppliedAt),
        AppliedBy = StoredText.Clean(people.AppliedBy),
    };

    public PeopleRecord ToPeople() => new()
    {
        Hash = Hash,
        Content = Content,
        GitCommit = GitCommit,
        AppliedAt = AppliedAt,
        AppliedBy = AppliedBy,
    };
}

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    public Task PutPeopleAsync(PeopleRecord people, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into people (hash, content, git_commit, applied_at, applied_by)
            select @Hash, @Content, @GitCommit, @AppliedAt, @AppliedBy
            where coalesce((select hash from people order by sequence desc limit 1), '') <> @Hash
            """;

        return ExecuteAsync(sql, PeopleRow.Of(people), cancellationToken);
    }

    public async Task<PeopleRecord?> GetPeopleAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select hash, content, git_commit, applied_at, applied_by
            from people
            order by sequence desc
            limit 1
            """;

        return (await FirstOrDefaultAsync<PeopleRow>(sql, new { }, cancellationToken))?.ToPeople();
    }

    sealed record PeopleRow
    {
        public required string Hash { get; init; }
        public required string Content { get; init; }
        public string? GitCommit { get; init; }
        public long AppliedAt { get; init; }
        public required string AppliedBy { get; init; }

        public static PeopleRow Of(PeopleRecord people) => new()
        {
            Hash = people.Hash,
            Content = people.Content,
            GitCommit = people.GitCommit,
            AppliedAt = StoredTime.ToMicroseconds(people.AppliedAt),
            AppliedBy = StoredText.Clean(people.AppliedBy),
        };

        public PeopleRecord ToPeople() => new()
        {
            Hash = Hash,
            Content = Content,
            GitCommit = GitCommit,
            AppliedAt = StoredTime.FromMicroseconds(AppliedAt),
            AppliedBy = AppliedBy,
        };
    }
}

namespace Maintenance.Records;

abstract partial class SqlRunStore
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
}

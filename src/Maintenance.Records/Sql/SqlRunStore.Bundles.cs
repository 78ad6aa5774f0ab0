namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    public Task PutBundleAsync(BundleRecord bundle, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into bundle (hash, job, git_commit, created_at, content)
            values (@Hash, @Job, @GitCommit, @createdAt, @Content)
            on conflict (hash) do nothing
            """;

        bundle.RequireValid();
        var values = new { bundle.Hash, bundle.Job, bundle.GitCommit, createdAt = bundle.CreatedAt, bundle.Content };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public async Task<BundleRecord?> GetBundleAsync(string hash, CancellationToken cancellationToken)
    {
        const string sql = """
            select hash, job, git_commit, created_at, content
            from bundle
            where hash = @hash
            """;

        return (await FirstOrDefaultAsync<BundleRow>(sql, new { hash }, cancellationToken))?.ToBundle();
    }

    public Task SetCurrentBundleAsync(CurrentBundle current, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into job (job, bundle_hash, git_commit, set_at, set_by)
            values (@Job, @Hash, @GitCommit, @setAt, @SetBy)
            on conflict (job) do update set
                bundle_hash = excluded.bundle_hash, git_commit = excluded.git_commit, set_at = excluded.set_at, set_by = excluded.set_by
            """;

        var values = new { current.Job, current.Hash, current.GitCommit, setAt = current.SetAt, current.SetBy };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public async Task<CurrentBundle?> GetCurrentBundleAsync(string job, CancellationToken cancellationToken)
    {
        const string sql = """
            select job, bundle_hash, git_commit, set_at, set_by
            from job
            where job = @job
            """;

        return (await FirstOrDefaultAsync<JobRow>(sql, new { job }, cancellationToken))?.ToCurrent();
    }

    public async Task<IReadOnlyList<CurrentBundle>> ListJobsAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select job, bundle_hash, git_commit, set_at, set_by
            from job
            order by job
            """;

        var rows = await ListAsync<JobRow>(sql, null, cancellationToken);
        return [.. rows.Select(row => row.ToCurrent())];
    }

    public Task RemoveJobAsync(string job, CancellationToken cancellationToken)
    {
        const string sql = """
            delete from job
            where job = @job
            """;

        return ExecuteAsync(sql, new { job }, cancellationToken);
    }
}

namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    public Task PutFullOutputAsync(
        string executionRunId, string activityId, string text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into attempt_output (execution_run_id, activity_id, full_text, stored_at)
            values (@executionRunId, @activityId, @fullText, @storedAt)
            on conflict (execution_run_id, activity_id) do update set full_text = excluded.full_text
            """;

        var values = new { executionRunId, activityId, fullText = StoredText.Clean(text), storedAt = now };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public Task<string?> GetFullOutputAsync(string executionRunId, string activityId, CancellationToken cancellationToken)
    {
        const string sql = """
            select full_text
            from attempt_output
            where execution_run_id = @executionRunId and activity_id = @activityId
            """;

        return FirstOrDefaultAsync<string>(sql, new { executionRunId, activityId }, cancellationToken);
    }
}

using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    protected override async Task WriteOccurrencesAsync(DbConnection connection, LedgerWrite write, CancellationToken cancellationToken)
    {
        const string delete = """
            delete from occurrence
            where installation = @Installation and schedule_id = @ScheduleId and due_at = @DueAt
            """;
        const string upsert = $"""
            insert into occurrence ({OccurrenceColumns})
            values (
                @Installation, @ScheduleId, @DueAt, @LastDueAt, @Count, @Status, @Cause, @Reason, @RunId, @StartedAt, @SpecHash,
                @TimeZoneVersion, @UpdatedAt)
            {OrReplaceOccurrence}
            """;

        var merged = write.Merged.Select(key => new { write.Installation, key.ScheduleId, key.DueAt });
        await connection.ExecuteAsync(new CommandDefinition(delete, merged, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(
            new CommandDefinition(upsert, write.Rows.Select(OccurrenceRow.Of), cancellationToken: cancellationToken));
    }
}

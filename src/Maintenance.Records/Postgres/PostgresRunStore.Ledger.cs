using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    protected override async Task WriteOccurrencesAsync(DbConnection connection, LedgerWrite write, CancellationToken cancellationToken)
    {
        const string sql = $"""
            delete from occurrence
            using json_to_recordset(@merged::json) as gone (schedule_id text, due_at timestamptz)
            where occurrence.installation = @Installation
                and occurrence.schedule_id = gone.schedule_id and occurrence.due_at = gone.due_at;

            insert into occurrence ({OccurrenceColumns})
            select {OccurrenceColumns}
            from json_to_recordset(@occurrences::json) as row (
                installation text, schedule_id text, due_at timestamptz, last_due_at timestamptz, count integer, status text, cause text,
                reason text, run_id text, started_at timestamptz, spec_hash text, time_zone_version text, updated_at timestamptz)
            {OrReplaceOccurrence}
            """;

        var values = new
        {
            write.Installation,
            merged = StoredJson.Rows(write.Merged.Select(key => new { key.ScheduleId, DueAt = StoredTime.Of(key.DueAt) })),
            occurrences = StoredJson.Rows(write.Rows.Select(OccurrenceRow.Of)),
        };
        await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }
}

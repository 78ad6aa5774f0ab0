using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>The engine's tables. Times are Unix nanoseconds, UTC.</summary>
static class SqliteSchema
{
    public const int Version = 1;

    const string Create = """
        create table run (
          run_key integer primary key,
          namespace_id text not null,
          workflow_id text not null,
          run_id text not null,
          first_run_id text not null,
          status integer not null,        -- WorkflowExecutionStatus; 1 is open
          start_time integer not null,
          next_event_id integer not null,
          history_size integer not null,
          create_request_id text not null,
          side_record blob not null
        );
        create index run_by_workflow on run (namespace_id, workflow_id, run_key desc);
        create index run_open on run (run_key) where status = 1;

        create table history (
          run_key integer not null,
          first_event_id integer not null,
          last_event_id integer not null,
          content blob not null,          -- a temporal.api.history.v1.History
          primary key (run_key, first_event_id)
        ) without rowid;

        create table visibility (
          run_key integer primary key,
          namespace_id text not null,
          workflow_id text not null,
          run_id text not null,
          workflow_type text not null,
          status integer not null,        -- WorkflowExecutionStatus
          start_time integer not null,
          execution_time integer not null,
          close_time integer,             -- null while open
          history_length integer not null,
          history_size integer not null,
          state_transitions integer not null,
          task_queue text not null,
          parent_workflow_id text not null,
          parent_run_id text not null,
          root_workflow_id text not null,
          root_run_id text not null,
          first_run_id text not null,
          memo blob not null,
          search_attributes blob not null,
          search_json text not null
        );
        create index visibility_by_start on visibility (namespace_id, start_time desc);
        create index visibility_by_close on visibility (namespace_id, close_time) where close_time is not null;
        -- The order of all lists: running first, then newest end first. Behind an equality on what is asked for most, too.
        create index visibility_by_order on visibility
          (namespace_id, coalesce(close_time, 9223372036854775807) desc, start_time desc, run_key desc);
        create index visibility_by_status on visibility
          (namespace_id, status, coalesce(close_time, 9223372036854775807) desc, start_time desc, run_key desc);
        create index visibility_by_workflow on visibility
          (namespace_id, workflow_id, coalesce(close_time, 9223372036854775807) desc, start_time desc, run_key desc);
        create index visibility_by_type on visibility
          (namespace_id, workflow_type, coalesce(close_time, 9223372036854775807) desc, start_time desc, run_key desc);
        create index visibility_by_schedule on visibility
          (namespace_id, json_extract(search_json, '$.TemporalScheduledById'), coalesce(close_time, 9223372036854775807) desc, start_time desc, run_key desc)
          where json_extract(search_json, '$.TemporalScheduledById') is not null;

        create table document (
          kind text not null,
          key text not null,
          content blob not null,
          primary key (kind, key)
        ) without rowid;
        """;

    /// <summary>Makes the tables in an empty file; refuses a file of a newer program.</summary>
    public static void Ensure(SqliteConnection connection, string path)
    {
        var found = (int)(long)Scalar(connection, "pragma user_version");
        if (found == Version)
            return;
        if (found > Version)
        {
            throw new EngineStartException(
                $"{path} was written by a newer program (schema {found}, this program knows {Version}). Start the newer program, or use another data folder.");
        }

        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Create + $"pragma user_version = {Version};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    public static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() ?? throw new InvalidOperationException($"'{sql}' gave no value.");
    }
}

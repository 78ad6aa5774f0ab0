using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>
/// The engine's tables. Times are Unix nanoseconds, UTC. A checksum is the CRC-32C of the blob beside it; null in a row that an
/// older program wrote.
/// </summary>
static class SqliteSchema
{
    public const int Version = 2;

    /// <summary>In the header of the file, so that a database of another program is known at sight.</summary>
    public const int ApplicationId = 0x4D454E47;

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
          side_record blob not null,
          checksum integer
        );
        create index run_by_workflow on run (namespace_id, workflow_id, run_key desc);
        create index run_open on run (run_key) where status = 1;

        create table history (
          run_key integer not null,
          first_event_id integer not null,
          last_event_id integer not null,
          content blob not null,          -- a temporal.api.history.v1.History
          checksum integer,
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
          checksum integer,
          primary key (kind, key)
        ) without rowid;

        """ + CreatePosition;

    // One row: how many commits the file has seen. See CommitMark.
    const string CreatePosition = """
        create table position (
          one integer primary key check (one = 1),
          commits integer not null
        );
        insert into position values (1, 0);

        """;

    /// <summary>What leads from each version to the next; the first entry leads from version 1.</summary>
    static readonly string[] Migrations =
    [
        """
        alter table run add column checksum integer;
        alter table history add column checksum integer;
        alter table document add column checksum integer;

        """ + CreatePosition,
    ];

    /// <summary>Makes the tables in an empty file, or brings those of an older program up to date: all of it or nothing.</summary>
    public static void Ensure(SqliteConnection connection, string path)
    {
        var found = VersionOf(connection, path);
        if (found == Version)
            return;
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = (found == 0 ? Create : string.Concat(Migrations[(found - 1)..]))
            + $"pragma application_id = {ApplicationId}; pragma user_version = {Version};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>The file's schema; 0 for an empty file.</summary>
    /// <exception cref="EngineStartException">It belongs to a newer or to another program.</exception>
    public static int VersionOf(SqliteConnection connection, string path)
    {
        var found = (int)(long)Scalar(connection, "pragma user_version");
        if (found > Version)
        {
            throw new EngineStartException(
                $"{path} was written by a newer program (schema {found}, this program knows {Version}). Start the newer program, or use "
                    + "another data folder.");
        }

        var isEmpty = (long)Scalar(connection, "select count(*) from sqlite_schema") == 0;
        var isOurs = found > 0 && (long)Scalar(connection, "select count(*) from sqlite_schema where name in ('run', 'history')") == 2;
        if (!isEmpty && !isOurs)
        {
            throw new EngineStartException(
                $"{path} is a database of another program. Nothing was changed. Move it away, or use another data folder.");
        }

        return found;
    }

    public static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() ?? throw new InvalidOperationException($"'{sql}' gave no value.");
    }
}

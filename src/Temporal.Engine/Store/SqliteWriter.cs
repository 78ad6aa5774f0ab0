using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Temporal.Engine;

/// <summary>The prepared statements of the writing connection.</summary>
sealed class SqliteWriter : IDisposable
{
    readonly SqliteConnection _connection;
    readonly List<SqliteStatement> _all = [];
    readonly SqliteStatement _begin;
    readonly SqliteStatement _commit;
    readonly SqliteStatement _rollBack;
    readonly SqliteStatement _newRun;
    readonly SqliteStatement _progress;
    readonly SqliteStatement _end;
    readonly SqliteStatement _events;
    readonly SqliteStatement _visibility;
    readonly SqliteStatement _putDocument;
    readonly SqliteStatement _deleteDocument;
    readonly SqliteStatement[] _deleteRun;
    readonly SqliteStatement _position;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("begin immediate");
        _commit = Prepare("commit");
        _rollBack = Prepare("rollback");
        _newRun = Prepare("""
            insert into run (run_key, namespace_id, workflow_id, run_id, first_run_id, start_time, create_request_id, status, next_event_id, history_size, side_record, checksum)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """);
        // Leaves the status alone, and with it a page of the index of open runs.
        _progress = Prepare("update run set next_event_id = ?1, history_size = ?2, side_record = ?3, checksum = ?4 where run_key = ?5");
        _end = Prepare(
            "update run set status = ?1, next_event_id = ?2, history_size = ?3, side_record = ?4, checksum = ?5 where run_key = ?6");
        _events = Prepare("insert into history (run_key, first_event_id, last_event_id, content, checksum) values (?1, ?2, ?3, ?4, ?5)");
        _visibility = Prepare("""
            insert or replace into visibility (
              run_key, namespace_id, workflow_id, run_id, workflow_type, status, start_time, execution_time, close_time,
              history_length, history_size, state_transitions, task_queue, parent_workflow_id, parent_run_id,
              root_workflow_id, root_run_id, first_run_id, memo, search_attributes, search_json)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
            """);
        _putDocument = Prepare("insert or replace into document (kind, key, content, checksum) values (?1, ?2, ?3, ?4)");
        _deleteDocument = Prepare("delete from document where kind = ?1 and key = ?2");
        _deleteRun =
        [
            Prepare("delete from history where run_key = ?1"),
            Prepare("delete from visibility where run_key = ?1"),
            Prepare("delete from run where run_key = ?1"),
        ];
        _position = Prepare("update position set commits = ?1");
    }

    SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _all.Add(statement);
        return statement;
    }

    /// <summary>Commits all of the batch and the number of its commit, or nothing and throws.</summary>
    public void Commit(StoreBatch batch, long commit)
    {
        _begin.Run();
        try
        {
            Write(batch);
            _position.Bind(commit).Run();
            _commit.Run();
        }
        catch
        {
            // SQLite has rolled back already after some failures.
            if (sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollBack.Run();
            throw;
        }
    }

    void Write(StoreBatch batch)
    {
        foreach (var run in batch.Runs)
            WriteRun(run);
        foreach (var events in batch.Events)
            _events.Bind(events.RunKey).Bind(events.FirstEventId)
                .Bind(events.LastEventId)
                .Bind(events.Content)
                .Bind(Checked(events.Content))
                .Run();
        foreach (var row in batch.Visibility)
            WriteVisibility(row);
        foreach (var document in batch.Documents.Values)
        {
            if (document.Content is null)
                _deleteDocument.Bind(document.Kind).Bind(document.Key).Run();
            else
                _putDocument.Bind(document.Kind).Bind(document.Key).Bind(document.Content).Bind(Checked(document.Content)).Run();
        }

        foreach (var key in batch.DeletedRuns)
        {
            foreach (var delete in _deleteRun)
                delete.Bind(key).Run();
        }
    }

    void WriteRun(StoredRun run)
    {
        if (run.IsNew)
        {
            _newRun.Bind(run.Key).Bind(run.NamespaceId).Bind(run.WorkflowId).Bind(run.RunId).Bind(run.FirstRunId)
                .Bind(UnixTime.Nanoseconds(run.StartTime)).Bind(run.CreateRequestId).Bind(run.Status);
            WriteProgress(_newRun, run).Run();
        }
        else if (run.IsOpen)
        {
            WriteProgress(_progress, run).Bind(run.Key).Run();
        }
        else
        {
            WriteProgress(_end.Bind(run.Status), run).Bind(run.Key).Run();
        }
    }

    static SqliteStatement WriteProgress(SqliteStatement statement, StoredRun run) =>
        statement.Bind(run.NextEventId).Bind(run.HistorySize).Bind(run.SideRecord).Bind(Checked(run.SideRecord));

    static long Checked(byte[] content) => Checksum.Of(content);

    void WriteVisibility(VisibilityRow row) => _visibility
        .Bind(row.RunKey).Bind(row.NamespaceId).Bind(row.WorkflowId).Bind(row.RunId).Bind(row.WorkflowType).Bind(row.Status)
        .Bind(UnixTime.Nanoseconds(row.StartTime)).Bind(UnixTime.Nanoseconds(row.ExecutionTime))
        .Bind(row.CloseTime is { } close ? UnixTime.Nanoseconds(close) : (long?)null)
        .Bind(row.HistoryLength).Bind(row.HistorySize).Bind(row.StateTransitions).Bind(row.TaskQueue)
        .Bind(row.ParentWorkflowId).Bind(row.ParentRunId).Bind(row.RootWorkflowId).Bind(row.RootRunId).Bind(row.FirstRunId)
        .Bind(row.Memo).Bind(row.SearchAttributes).Bind(row.SearchJson)
        .Run();

    public void Dispose()
    {
        foreach (var statement in _all)
            statement.Dispose();
    }
}

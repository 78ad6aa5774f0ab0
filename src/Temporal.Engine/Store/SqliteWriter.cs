using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>The prepared statements of the writing connection.</summary>
sealed class SqliteWriter : IDisposable
{
    readonly SqliteCommand _run;
    readonly SqliteCommand _events;
    readonly SqliteCommand _visibility;
    readonly SqliteCommand _putDocument;
    readonly SqliteCommand _deleteDocument;
    readonly SqliteCommand[] _deleteRun;
    readonly SqliteCommand _position;

    public SqliteWriter(SqliteConnection connection)
    {
        _run = Prepare(connection, """
            insert into run (run_key, namespace_id, workflow_id, run_id, first_run_id, status, start_time, next_event_id, history_size, create_request_id, side_record, checksum)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (run_key) do update set status = $5, next_event_id = $7, history_size = $8, side_record = $10, checksum = $11
            """, 12);
        _events = Prepare(connection, "insert into history (run_key, first_event_id, last_event_id, content, checksum) values ($0, $1, $2, $3, $4)", 5);
        _visibility = Prepare(connection, """
            insert or replace into visibility (
              run_key, namespace_id, workflow_id, run_id, workflow_type, status, start_time, execution_time, close_time,
              history_length, history_size, state_transitions, task_queue, parent_workflow_id, parent_run_id,
              root_workflow_id, root_run_id, first_run_id, memo, search_attributes, search_json)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            """, 21);
        _putDocument = Prepare(connection, "insert or replace into document (kind, key, content, checksum) values ($0, $1, $2, $3)", 4);
        _deleteDocument = Prepare(connection, "delete from document where kind = $0 and key = $1", 2);
        _deleteRun =
        [
            Prepare(connection, "delete from history where run_key = $0", 1),
            Prepare(connection, "delete from visibility where run_key = $0", 1),
            Prepare(connection, "delete from run where run_key = $0", 1),
        ];
        _position = Prepare(connection, "update position set commits = $0", 1);
    }

    static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
        return command;
    }

    /// <summary>Writes all of the batch and the number of its commit.</summary>
    public void Write(StoreBatch batch, long commit, SqliteTransaction transaction)
    {
        foreach (var run in batch.Runs)
        {
            Run(_run, transaction, run.Key, run.NamespaceId, run.WorkflowId, run.RunId, run.FirstRunId, run.Status,
                UnixTime.Nanoseconds(run.StartTime), run.NextEventId, run.HistorySize, run.CreateRequestId, run.SideRecord, Checked(run.SideRecord));
        }

        foreach (var events in batch.Events)
            Run(_events, transaction, events.RunKey, events.FirstEventId, events.LastEventId, events.Content, Checked(events.Content));
        foreach (var row in batch.Visibility)
            WriteVisibility(row, transaction);
        foreach (var document in batch.Documents.Values)
        {
            if (document.Content is null)
                Run(_deleteDocument, transaction, document.Kind, document.Key);
            else
                Run(_putDocument, transaction, document.Kind, document.Key, document.Content, Checked(document.Content));
        }

        foreach (var key in batch.DeletedRuns)
        {
            foreach (var command in _deleteRun)
                Run(command, transaction, key);
        }

        Run(_position, transaction, commit);
    }

    static long Checked(byte[] content) => Checksum.Of(content);

    void WriteVisibility(VisibilityRow row, SqliteTransaction transaction) =>
        Run(_visibility, transaction,
            row.RunKey, row.NamespaceId, row.WorkflowId, row.RunId, row.WorkflowType, row.Status,
            UnixTime.Nanoseconds(row.StartTime), UnixTime.Nanoseconds(row.ExecutionTime),
            row.CloseTime is { } close ? UnixTime.Nanoseconds(close) : DBNull.Value,
            row.HistoryLength, row.HistorySize, row.StateTransitions, row.TaskQueue, row.ParentWorkflowId, row.ParentRunId,
            row.RootWorkflowId, row.RootRunId, row.FirstRunId, row.Memo, row.SearchAttributes, row.SearchJson);

    static void Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _run.Dispose();
        _events.Dispose();
        _visibility.Dispose();
        _putDocument.Dispose();
        _deleteDocument.Dispose();
        foreach (var command in _deleteRun)
            command.Dispose();
        _position.Dispose();
    }
}

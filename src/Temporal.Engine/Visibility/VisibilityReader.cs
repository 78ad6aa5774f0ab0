using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Data.Sqlite;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;

namespace Temporal.Engine.Visibility;

/// <summary>One page of a list.</summary>
sealed record WorkflowPage(IReadOnlyList<WorkflowExecutionInfo> Executions, ByteString NextPageToken);

/// <summary>Lists and counts workflows: running ones first, then by the time of their end, newest first.</summary>
sealed class VisibilityReader(IEngineStore store)
{
    public const int LargestPage = 1000;

    // What has not ended sorts before all that has. The index has the same expression.
    const string CloseOrder = "coalesce(close_time, 9223372036854775807)";

    const string StartOrder = "start_time desc, run_key desc";

    const string Columns = $"""
        workflow_id, run_id, workflow_type, status, start_time, execution_time, close_time, history_length, history_size, state_transitions,
        task_queue, parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, memo, search_attributes, {CloseOrder}, run_key
        """;

    /// <param name="size">Not positive or too large: as many as a page may have.</param>
    public WorkflowPage List(string namespaceId, Condition? where, int size, ByteString token)
    {
        size = size is <= 0 or > LargestPage ? LargestPage : size;
        var after = PageToken.Read(token);
        return store.Read(connection =>
        {
            var page = new Page(size);
            if (after is { } last)
            {
                // One comparison of all three would not use the index, whose first column is an expression: the page would cost what all
                // before it did.
                Add(
                    page, connection, namespaceId, where,
                    $" and {CloseOrder} = $close and (start_time, run_key) < ($start, $key) order by {StartOrder}", last);
                if (!page.IsFull)
                    Add(page, connection, namespaceId, where, $" and {CloseOrder} < $close order by {CloseOrder} desc, {StartOrder}", last);
            }
            else
            {
                Add(page, connection, namespaceId, where, $" order by {CloseOrder} desc, {StartOrder}", default);
            }

            // A full page may be the last one; the empty page behind it tells.
            return new WorkflowPage(page.Found, page.IsFull ? page.Last.ToBytes() : ByteString.Empty);
        });
    }

    /// <summary>A page on its way.</summary>
    sealed class Page(int size)
    {
        public List<WorkflowExecutionInfo> Found { get; } = [];

        public PageToken Last { get; set; }

        public int Left => size - Found.Count;

        public bool IsFull => Left == 0;
    }

    static void Add(Page page, SqliteConnection connection, string namespaceId, Condition? where, string rest, PageToken last)
    {
        using var command = Command(connection, namespaceId, where, out var condition);
        command.Parameters.AddWithValue("$close", last.CloseOrder);
        command.Parameters.AddWithValue("$start", last.StartTime);
        command.Parameters.AddWithValue("$key", last.Key);
        command.CommandText = $"select {Columns} from visibility where {condition}{rest} limit {page.Left}";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            page.Found.Add(Info(reader));
            page.Last = new(reader.GetInt64(17), reader.GetInt64(4), reader.GetInt64(18));
        }
    }

    public long Count(string namespaceId, Condition? where) => store.Read(connection =>
    {
        using var command = Command(connection, namespaceId, where, out var condition);
        command.CommandText = $"select count(*) from visibility where {condition}";
        return (long)command.ExecuteScalar()!;
    });

    /// <summary>How many of each status there are.</summary>
    public IReadOnlyList<(long Status, long Count)> CountByStatus(string namespaceId, Condition? where) => store.Read(connection =>
    {
        using var command = Command(connection, namespaceId, where, out var condition);
        command.CommandText = $"select status, count(*) from visibility where {condition} group by status order by status";
        using var reader = command.ExecuteReader();
        var groups = new List<(long, long)>();
        while (reader.Read())
            groups.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return groups;
    });

    static SqliteCommand Command(SqliteConnection connection, string namespaceId, Condition? where, out string condition)
    {
        var command = connection.CreateCommand();
        command.Parameters.AddWithValue("$namespace", namespaceId);
        condition = "namespace_id = $namespace";
        if (where is null)
            return command;
        var sql = SqlCondition.Of(where);
        connection.CreateFunction<string?, string, long?>(
            SqlCondition.HasWordsFunction,
            static (text, words) =>
                text is null ? null : TextWords.HasAny(text, words.Split(' ', StringSplitOptions.RemoveEmptyEntries)) ? 1 : 0,
            isDeterministic: true);
        command.Parameters.AddRange(sql.Parameters);
        condition += $" and ({sql.Sql})";
        return command;
    }

    static WorkflowExecutionInfo Info(SqliteDataReader row)
    {
        var info = new WorkflowExecutionInfo
        {
            Execution = new() { WorkflowId = row.GetString(0), RunId = row.GetString(1) },
            Type = new() { Name = row.GetString(2) },
            Status = (WorkflowExecutionStatus)row.GetInt32(3),
            StartTime = Time(row.GetInt64(4)),
            ExecutionTime = Time(row.GetInt64(5)),
            TaskQueue = row.GetString(10),
            RootExecution = new() { WorkflowId = row.GetString(13), RunId = row.GetString(14) },
            Memo = Memo.Parser.ParseFrom(row.GetFieldValue<byte[]>(15)),
        };
        var attributes = ListedAttributes.Of(SearchAttributes.Parser.ParseFrom(row.GetFieldValue<byte[]>(16)));
        if (attributes.IndexedFields.Count > 0)
            info.SearchAttributes = attributes;
        if (row.GetString(11).Length > 0)
            info.ParentExecution = new() { WorkflowId = row.GetString(11), RunId = row.GetString(12) };
        if (!row.IsDBNull(6))
            AddEnd(info, row);
        return info;
    }

    // Lists know these only of what has ended.
    static void AddEnd(WorkflowExecutionInfo info, SqliteDataReader row)
    {
        info.CloseTime = Time(row.GetInt64(6));
        info.HistoryLength = row.GetInt64(7);
        info.HistorySizeBytes = row.GetInt64(8);
        info.StateTransitionCount = row.GetInt64(9);
        info.ExecutionDuration = info.CloseTime - info.ExecutionTime;
    }

    static Timestamp Time(long nanoseconds)
    {
        var seconds = Math.DivRem(nanoseconds, 1_000_000_000, out var rest);
        return rest < 0
            ? new() { Seconds = seconds - 1, Nanos = (int)(rest + 1_000_000_000) }
            : new() { Seconds = seconds, Nanos = (int)rest };
    }
}

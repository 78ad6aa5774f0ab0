using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>The engine's data in one SQLite file: one connection writes, a few read.</summary>
sealed class SqliteEngineStore : IEngineStore
{
    // SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: the kernel may have dropped the pages that could not be written.
    static readonly int[] FsyncErrors = [1034, 1290];
    static readonly Version Oldest = new(3, 40, 0);

    readonly SqliteConnection _writer;
    readonly SqliteWriter _statements;
    readonly ConcurrentBag<SqliteConnection> _readers = [];
    readonly string _readerString;
    volatile bool _disposed;

    public SqliteEngineStore(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "engine.db");
        _writer = OpenOrRefuse(path, new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _readerString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString();
        Version = (string)SqliteSchema.Scalar(_writer, "select sqlite_version()");
        if (System.Version.Parse(Version) < Oldest)
            throw new EngineStartException($"SQLite {Version} is too old for the engine; it needs {Oldest} or newer. Install a newer SQLite library.");
        SqliteSchema.Scalar(_writer, "pragma journal_mode = wal");
        Execute(_writer, "pragma synchronous = full");
        // Checkpoints at 16 MB of log instead of 4: fewer of them on the way of a commit.
        Execute(_writer, "pragma wal_autocheckpoint = 4000");
        SqliteSchema.Ensure(_writer, path);
        _statements = new(_writer);
    }

    public string Version { get; }

    /// <summary>A file that is damaged or no database is refused, never run on.</summary>
    static SqliteConnection OpenOrRefuse(string path, string connectionString)
    {
        try
        {
            var connection = Open(connectionString);
            SqliteSchema.Scalar(connection, "select count(*) from sqlite_schema");
            return connection;
        }
        catch (SqliteException failure)
        {
            throw new EngineStartException(
                $"{path} cannot be opened as the engine's database: {failure.Message}. Restore it from a backup, or move it away to begin anew.", failure);
        }
    }

    static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "pragma busy_timeout = 5000");
        return connection;
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Commit(StoreBatch batch)
    {
        using var transaction = _writer.BeginTransaction();
        _statements.Write(batch, transaction);
        transaction.Commit();
    }

    public bool IsFatal(Exception failure) =>
        failure is SqliteException sqlite && FsyncErrors.Contains(sqlite.SqliteExtendedErrorCode);

    public T Read<T>(Func<SqliteConnection, T> query)
    {
        if (!_readers.TryTake(out var connection))
            connection = Open(_readerString);
        try
        {
            return query(connection);
        }
        finally
        {
            if (_disposed)
                connection.Dispose();
            else
                _readers.Add(connection);
        }
    }

    public long LastRunKey() => Read(connection => (long)SqliteSchema.Scalar(connection, "select coalesce(max(run_key), 0) from run"));

    const string RunColumns = "run_key, namespace_id, workflow_id, run_id, first_run_id, status, start_time, next_event_id, history_size, create_request_id, side_record";

    public void ReadOpenRuns(Action<StoredRun, IReadOnlyList<HistoryEvent>> load)
    {
        const string sql = """
            select history.run_key, content from run
            join history on history.run_key = run.run_key
            where status = 1 order by run.run_key, first_event_id
            """;
        var runs = Runs($"select {RunColumns} from run where status = 1 order by run_key");
        Read(connection =>
        {
            using var command = Command(connection, sql);
            using var reader = command.ExecuteReader();
            var more = reader.Read();
            foreach (var run in runs)
            {
                var events = new List<HistoryEvent>();
                for (; more && reader.GetInt64(0) == run.Key; more = reader.Read())
                    events.AddRange(History.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)).Events);
                load(run, events);
            }

            return true;
        });
    }

    public StoredRun? FindRun(long runKey) =>
        Runs($"select {RunColumns} from run where run_key = $key", ("$key", runKey)).SingleOrDefault();

    public StoredRun? FindRun(string namespaceId, string workflowId, string runId) =>
        runId.Length == 0
            ? Runs(
                $"select {RunColumns} from run where namespace_id = $ns and workflow_id = $wf order by run_key desc limit 1",
                ("$ns", namespaceId), ("$wf", workflowId)).SingleOrDefault()
            : Runs(
                $"select {RunColumns} from run where namespace_id = $ns and workflow_id = $wf and run_id = $run",
                ("$ns", namespaceId), ("$wf", workflowId), ("$run", runId)).SingleOrDefault();

    List<StoredRun> Runs(string sql, params (string Name, object Value)[] parameters) => Read(connection =>
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var runs = new List<StoredRun>();
        while (reader.Read())
        {
            runs.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetInt32(5), UnixTime.FromNanoseconds(reader.GetInt64(6)), reader.GetInt64(7), reader.GetInt64(8), reader.GetString(9),
                reader.GetFieldValue<byte[]>(10)));
        }

        return runs;
    });

    public IReadOnlyList<HistoryEvent> ReadHistory(long runKey, long fromEventId, long toEventId, int limit) => Read(connection =>
    {
        const string sql = """
            select content from history
            where run_key = $key and first_event_id < $to and first_event_id >= coalesce(
              (select max(first_event_id) from history where run_key = $key and first_event_id <= $from), 0)
            order by first_event_id
            """;
        using var command = Command(connection, sql, ("$key", runKey), ("$from", fromEventId), ("$to", toEventId));
        using var reader = command.ExecuteReader();
        var events = new List<HistoryEvent>();
        while (events.Count < limit && reader.Read())
        {
            foreach (var one in History.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)).Events)
            {
                if (one.EventId >= fromEventId && one.EventId < toEventId && events.Count < limit)
                    events.Add(one);
            }
        }

        return events;
    });

    public IReadOnlyList<long> ClosedBefore(string namespaceId, DateTime time, int limit) => Read(connection =>
    {
        const string sql = """
            select run_key from visibility
            where namespace_id = $ns and close_time is not null and close_time < $time
            order by close_time limit $limit
            """;
        using var command = Command(connection, sql, ("$ns", namespaceId), ("$time", UnixTime.Nanoseconds(time)), ("$limit", limit));
        using var reader = command.ExecuteReader();
        var keys = new List<long>();
        while (reader.Read())
            keys.Add(reader.GetInt64(0));
        return keys;
    });

    public IReadOnlyList<StoredDocument> Documents(string kind) => Read(connection =>
    {
        using var command = Command(connection, "select key, content from document where kind = $kind order by key", ("$kind", kind));
        using var reader = command.ExecuteReader();
        var documents = new List<StoredDocument>();
        while (reader.Read())
            documents.Add(new(kind, reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return documents;
    });

    static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _statements.Dispose();
        _writer.Dispose();
    }
}

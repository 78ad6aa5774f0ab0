using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>The engine's data in one SQLite file: one connection writes, a few read.</summary>
sealed partial class SqliteEngineStore : IEngineStore
{
    // SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: the kernel may have dropped the pages that could not be written.
    static readonly int[] FsyncErrors = [1034, 1290];
    static readonly Version Oldest = new(3, 40, 0);

    readonly string _path;
    readonly SqliteConnection _writer;
    readonly SqliteWriter _statements;
    readonly CommitMark _mark;
    readonly ConcurrentBag<SqliteConnection> _readers = [];
    readonly string _readerString;
    long _commits;
    volatile bool _disposed;

    /// <summary>Opens or makes the database of this folder. A file that is damaged or no database is refused, never run on.</summary>
    /// <exception cref="EngineStartException">The message says what is wrong and what to do.</exception>
    public SqliteEngineStore(string dataDirectory)
    {
        _path = PathIn(dataDirectory);
        _readerString = new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }
            .ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        try
        {
            OpenWriter();
            _commits = (long)SqliteSchema.Scalar(_writer, "select commits from position");
            if (CommitMark.Read(dataDirectory) is var known && known > _commits)
                throw new StoreDamagedException(
                    _path, $"the last {known - _commits} commits are missing, so its log {_path}-wal was cut off or removed");
            _statements = new(_writer);
            _mark = new(dataDirectory);
        }
        catch (Exception failure)
        {
            _writer.Dispose();
            throw failure switch
            {
                SqliteException { SqliteErrorCode: NotADatabase } => new EngineStartException(
                    $"{_path} cannot be opened as the engine's database: it is none, or its first page is destroyed. "
                    + "Restore a backup with `maintenance engine restore FILE`, or move the file away to begin anew.", failure),
                SqliteException sqlite when IsDamage(sqlite) => Refused(new(_path, sqlite.Message, sqlite)),
                SqliteException => new EngineStartException(
                    $"{_path} cannot be opened as the engine's database: {failure.Message.TrimEnd('.')}. See that this user may write the folder and "
                        + "that its disk has space.", failure),
                StoreDamagedException damaged => Refused(damaged),
                _ => failure,
            };
        }
    }

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "engine.db");

    public string Version { get; private set; } = "";

    /// <summary>Told of damage that a read or a commit has met, on its thread.</summary>
    public Action<StoreDamagedException>? OnDamage { get; set; }

    static EngineStartException Refused(StoreDamagedException damaged) => new(damaged.Message, damaged);

    void OpenWriter()
    {
        Prepare(_writer);
        Version = (string)SqliteSchema.Scalar(_writer, "select sqlite_version()");
        if (System.Version.Parse(Version) < Oldest)
            throw new EngineStartException(
                $"SQLite {Version} is too old for the engine; it needs {Oldest} or newer. Install a newer SQLite library.");
        SqliteSchema.VersionOf(_writer, _path);
        DatabaseCheck.AtStart(_writer, _path);
        SqliteSchema.Scalar(_writer, "pragma journal_mode = wal");
        Execute(_writer, "pragma synchronous = full");
        // Checkpoints at 16 MB of log instead of 4: fewer of them on the way of a commit.
        Execute(_writer, "pragma wal_autocheckpoint = 4000");
        SqliteSchema.Ensure(_writer, _path);
    }

    static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NotADatabase;

    const int Corrupt = 11;
    const int NotADatabase = 26;

    static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        Prepare(connection);
        return connection;
    }

    static void Prepare(SqliteConnection connection)
    {
        connection.Open();
        Execute(connection, "pragma busy_timeout = 5000");
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Commit(StoreBatch batch)
    {
        try
        {
            _statements.Commit(batch, _commits + 1);
        }
        catch (SqliteException failure) when (IsDamage(failure))
        {
            throw new StoreDamagedException(_path, failure.Message, failure);
        }

        _commits++;
        _mark.Write(_commits);
    }

    public bool IsFatal(Exception failure) =>
        failure is StoreDamagedException || failure is SqliteException sqlite && FsyncErrors.Contains(sqlite.SqliteExtendedErrorCode);

    public T Read<T>(Func<SqliteConnection, T> query)
    {
        if (!_readers.TryTake(out var connection))
            connection = Open(_readerString);
        try
        {
            return query(connection);
        }
        catch (SqliteException failure) when (IsDamage(failure))
        {
            throw Damaged(failure.Message, failure);
        }
        finally
        {
            if (_disposed)
                connection.Dispose();
            else
                _readers.Add(connection);
        }
    }

    StoreDamagedException Damaged(string damage, Exception? inner = null)
    {
        var damaged = new StoreDamagedException(_path, damage, inner);
        OnDamage?.Invoke(damaged);
        return damaged;
    }

    public long LastRunKey() => Read(connection => (long)SqliteSchema.Scalar(connection, "select coalesce(max(run_key), 0) from run"));

    const string RunColumns =
        "run_key, namespace_id, workflow_id, run_id, first_run_id, status, start_time, next_event_id, history_size, create_request_id, "
            + "side_record, checksum";

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
                reader.GetInt32(5), UnixTime.FromNanoseconds(reader.GetInt64(6)), reader.GetInt64(7), reader.GetInt64(8),
                reader.GetString(9),
                Checked(reader, 10, $"run {reader.GetInt64(0)}")));
        }

        return runs;
    });

    Google.Protobuf.Collections.RepeatedField<HistoryEvent> EventsIn(SqliteDataReader reader, int column, long runKey) =>
        History.Parser.ParseFrom(Checked(reader, column, $"history of run {runKey}")).Events;

    /// <summary>The blob in this column; its checksum is in the next one.</summary>
    byte[] Checked(SqliteDataReader reader, int column, string what)
    {
        var content = reader.GetFieldValue<byte[]>(column);
        if (!reader.IsDBNull(column + 1) && reader.GetInt64(column + 1) != Checksum.Of(content))
            throw Damaged($"the checksum of {what} is wrong");
        return content;
    }

    public IReadOnlyList<HistoryEvent> ReadHistory(long runKey, long fromEventId, long toEventId, int limit) => Read(connection =>
    {
        const string sql = """
            select content, checksum from history
            where run_key = $key and first_event_id < $to and first_event_id >= coalesce(
              (select max(first_event_id) from history where run_key = $key and first_event_id <= $from), 0)
            order by first_event_id
            """;
        using var command = Command(connection, sql, ("$key", runKey), ("$from", fromEventId), ("$to", toEventId));
        using var reader = command.ExecuteReader();
        var events = new List<HistoryEvent>();
        while (events.Count < limit && reader.Read())
        {
            foreach (var one in EventsIn(reader, 0, runKey))
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
        using var command = Command(
            connection, "select key, content, checksum from document where kind = $kind order by key", ("$kind", kind));
        using var reader = command.ExecuteReader();
        var documents = new List<StoredDocument>();
        while (reader.Read())
            documents.Add(new(kind, reader.GetString(0), Checked(reader, 1, $"{kind} {reader.GetString(0)}")));
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
        _mark.Dispose();
    }
}

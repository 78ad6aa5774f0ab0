using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Maintenance.Records;

/// <summary>
/// One file in WAL mode: one connection writes, behind a gate, and readers have connections of their own that never wait for it.
/// Other processes may hold the file for moments, so the busy timeout covers them.
/// </summary>
sealed class SqliteDatabase : IAsyncDisposable
{
    const int BusyTimeoutMs = 5000;

    /// <summary>Writes in one transaction; more would make the first of them wait.</summary>
    const int BatchMax = 64;

    readonly string _path;
    readonly string _connectionString;
    readonly SemaphoreSlim _writeGate = new(1, 1);

    readonly ConcurrentQueue<PendingWrite> _pending = new();

    /// <summary>Touched only behind the gate; opened by the first write.</summary>
    SqliteConnection? _writer;

    public SqliteDatabase(string path)
    {
        _path = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            DefaultTimeout = BusyTimeoutMs / 1000,
            ForeignKeys = true,
        }.ConnectionString;
    }

    public string Description => $"SQLite {_path}";

    public async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            Execute(connection, $"pragma busy_timeout = {BusyTimeoutMs}");
            return await work(connection);
        }
        catch (SqliteException ex)
        {
            throw Translate(ex);
        }
    }

    /// <summary>
    /// Runs the work atomically; with <paramref name="durable"/> false a loss of power may take it back. Writers that come while another
    /// one commits share the next transaction, because the wait for the disk is nearly all that a commit costs.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, Task<T>> work, bool durable, CancellationToken cancellationToken)
    {
        T? result = default;
        var write = new PendingWrite(async connection => result = await work(connection), durable);
        _pending.Enqueue(write);
        await _writeGate.WaitAsync(cancellationToken);
        try
        {
            // More than one batch may be ahead of it.
            while (!write.Done.Task.IsCompleted)
                await CommitPendingAsync();
        }
        finally
        {
            _writeGate.Release();
        }

        await write.Done.Task;
        // The work has run to its end, so its result is set.
        return result!;
    }

    public async ValueTask DisposeAsync()
    {
        await _writeGate.WaitAsync();
        await CloseWriterAsync();
        using var anyConnection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(anyConnection);
        _writeGate.Dispose();
    }

    async Task CommitPendingAsync()
    {
        var batch = TakeBatch();
        try
        {
            _writer ??= await OpenWriterAsync();
            Execute(_writer, batch.Any(write => write.Durable) ? "pragma synchronous = full" : "pragma synchronous = normal");
            await using var transaction = _writer.BeginTransaction(deferred: false);
            foreach (var write in batch)
                await write.RunAsync(_writer);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception ex)
        {
            // Whatever happened to the file, the next write starts from a fresh connection.
            await CloseWriterAsync();
            foreach (var write in batch)
                write.Fail(ex);
        }

        foreach (var write in batch)
            write.Complete(Translate);
    }

    List<PendingWrite> TakeBatch()
    {
        var batch = new List<PendingWrite>();
        while (batch.Count < BatchMax && _pending.TryDequeue(out var write))
            batch.Add(write);
        return batch;
    }

    async Task<SqliteConnection> OpenWriterAsync()
    {
        CreatePrivateFile();
        var connection = new SqliteConnection(_connectionString + ";Pooling=False");
        try
        {
            await connection.OpenAsync();
            Execute(connection, $"pragma busy_timeout = {BusyTimeoutMs}");
            Execute(connection, "pragma journal_mode = wal");
            // Statistics for the planner, taken again when a table has grown a lot; costs milliseconds at most.
            Execute(connection, "pragma optimize = 0x10002");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Records hold what scripts printed, so the file is the owner's alone; SQLite gives its side files the same mode.</summary>
    void CreatePrivateFile()
    {
        if (File.Exists(_path) || OperatingSystem.IsWindows())
            return;

        try
        {
            if (Path.GetDirectoryName(_path) is { } folder)
                Directory.CreateDirectory(folder);
            using var created = new FileStream(_path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Another process may have been quicker; then the file is there and opening it will do.
            if (!File.Exists(_path))
                throw new RunStoreUnavailableException(
                    $"The record store {_path} cannot be created: {ex.Message} Give this user the right to write there, or set another "
                        + "path.", ex);
        }
    }

    async ValueTask CloseWriterAsync()
    {
        if (_writer is { } writer)
            await writer.DisposeAsync();
        _writer = null;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    Exception Translate(Exception ex) => ex is SqliteException sqlite ? Translate(sqlite) : ex;

    Exception Translate(SqliteException ex) => ex.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN =>
            new RunStoreUnavailableException(
                $"The record store {_path} cannot be used now: {ex.Message} Check free space, permissions and who else has it open.", ex),
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new InvalidDataException(
            $"{_path} is damaged or not a record store: {ex.Message} Move it away; `maintenance records rebuild` writes recent runs again.",
            ex),
        _ => ex,
    };
}

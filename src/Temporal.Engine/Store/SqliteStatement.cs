using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Temporal.Engine;

/// <summary>
/// A statement that is prepared once and run often. Values are bound in the order of its parameters ?1, ?2, …; a run begins anew.
/// The command objects of the library above prepare, box and copy for each run, which would cost more than the statement itself.
/// </summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 _database;
    readonly sqlite3_stmt _statement;
    int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        // An open connection has one.
        _database = connection.Handle!;
        Check(sqlite3_prepare_v3(_database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(long value) => Bound(sqlite3_bind_int64(_statement, ++_bound, value));

    public SqliteStatement Bind(long? value) => value is { } some ? Bind(some) : Bound(sqlite3_bind_null(_statement, ++_bound));

    public SqliteStatement Bind(string value) => Bound(sqlite3_bind_text(_statement, ++_bound, value));

    public SqliteStatement Bind(byte[] value) => Bound(sqlite3_bind_blob(_statement, ++_bound, value));

    SqliteStatement Bound(int result)
    {
        Check(result);
        return this;
    }

    /// <exception cref="SqliteException">It changed nothing.</exception>
    public void Run()
    {
        try
        {
            if (sqlite3_step(_statement) is var result and not SQLITE_DONE and not SQLITE_ROW)
                Check(result);
        }
        finally
        {
            _bound = 0;
            // Its result is the one of the step, which was looked at.
            _ = sqlite3_reset(_statement);
        }
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    public void Dispose() => _statement.Dispose();
}

using Microsoft.Data.Sqlite;

namespace Maintenance.Records;

/// <summary>
/// One write of several in a transaction. Its failure is its own: a savepoint takes back what it did and leaves the others.
/// </summary>
sealed class PendingWrite(Func<SqliteConnection, Task> work, bool durable)
{
    Exception? _failure;

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Durable => durable;

    public async Task RunAsync(SqliteConnection connection)
    {
        SqliteDatabase.Execute(connection, "savepoint one_write");
        try
        {
            await work(connection);
            SqliteDatabase.Execute(connection, "release one_write");
        }
        catch (Exception ex)
        {
            _failure = ex;
            // Fails too when SQLite has already given the whole transaction up (disk full, I/O error); then all of them fail.
            SqliteDatabase.Execute(connection, "rollback to one_write");
            SqliteDatabase.Execute(connection, "release one_write");
        }
    }

    /// <summary>The transaction failed; a failure of its own comes first.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Tells the waiting caller, after the commit.</summary>
    public void Complete(Func<Exception, Exception> translate)
    {
        if (_failure is { } failure)
            Done.TrySetException(translate(failure));
        else
            Done.TrySetResult();
    }
}

using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>
/// Where the engine's data is. One thread commits; all reads may run on any thread and see only what is committed.
/// The seam for tests and simulation: a decorator can fail or delay what it wants.
/// </summary>
interface IEngineStore : IDisposable
{
    /// <summary>Version of the database library, for the log and for support.</summary>
    string Version { get; }

    /// <summary>Makes all of the batch durable, or nothing and throws.</summary>
    void Commit(StoreBatch batch);

    /// <summary>Whether this failure of <see cref="Commit"/> leaves it open what is on disk, so that going on is unsafe.</summary>
    bool IsFatal(Exception failure);

    /// <summary>The largest run key in use; 0 in an empty store.</summary>
    long LastRunKey();

    /// <summary>All open runs, oldest first, for the start. That their histories are undamaged was looked at.</summary>
    IReadOnlyList<StoredRun> OpenRuns();

    /// <summary>The histories of these runs, in their order, for the start.</summary>
    void ReadHistories(IReadOnlyList<StoredRun> runs, Action<StoredRun, IReadOnlyList<HistoryEvent>> load);

    /// <summary>The run with this id, or with an empty <paramref name="runId"/> the newest one of the workflow id.</summary>
    StoredRun? FindRun(string namespaceId, string workflowId, string runId);

    StoredRun? FindRun(long runKey);

    /// <summary>
    /// Events with ids from <paramref name="fromEventId"/> up to and without <paramref name="toEventId"/>, at most about <paramref
    /// name="limit"/>.
    /// </summary>
    IReadOnlyList<HistoryEvent> ReadHistory(long runKey, long fromEventId, long toEventId, int limit = int.MaxValue);

    /// <summary>Closed runs of a namespace that closed before this time, oldest first.</summary>
    IReadOnlyList<long> ClosedBefore(string namespaceId, DateTime time, int limit);

    IReadOnlyList<StoredDocument> Documents(string kind);

    /// <summary>Runs a query on a read connection, such as a list. <paramref name="query"/> must not keep the connection.</summary>
    T Read<T>(Func<SqliteConnection, T> query);
}

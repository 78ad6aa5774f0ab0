using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests;

/// <summary>A store whose process is killed at one of its commits: from then on nothing reaches the disk.</summary>
sealed class CrashingStore(IEngineStore inner) : IEngineStore
{
    /// <summary>How many commits are left, the last of which is the end. Zero: it never happens.</summary>
    public int CrashIn { get; set; }

    /// <summary>The last commit is on disk, and nobody gets to know.</summary>
    public bool AfterWrite { get; set; }

    public bool Crashed { get; private set; }

    public string Version => inner.Version;

    public void Commit(StoreBatch batch)
    {
        if (!Crashed && (CrashIn == 0 || --CrashIn > 0))
        {
            inner.Commit(batch);
            return;
        }

        if (!Crashed && AfterWrite)
            inner.Commit(batch);
        Crashed = true;
        throw new IOException("killed");
    }

    public bool IsFatal(Exception failure) => false;

    public long LastRunKey() => inner.LastRunKey();

    public IReadOnlyList<StoredRun> OpenRuns() => inner.OpenRuns();

    public void ReadHistories(IReadOnlyList<StoredRun> runs, Action<StoredRun, IReadOnlyList<HistoryEvent>> load) => inner.ReadHistories(runs, load);

    public StoredRun? FindRun(string namespaceId, string workflowId, string runId) => inner.FindRun(namespaceId, workflowId, runId);

    public StoredRun? FindRun(long runKey) => inner.FindRun(runKey);

    public IReadOnlyList<HistoryEvent> ReadHistory(long runKey, long fromEventId, long toEventId, int limit = int.MaxValue) =>
        inner.ReadHistory(runKey, fromEventId, toEventId, limit);

    public IReadOnlyList<long> ClosedBefore(string namespaceId, DateTime time, int limit) => inner.ClosedBefore(namespaceId, time, limit);

    public IReadOnlyList<StoredDocument> Documents(string kind) => inner.Documents(kind);

    public T Read<T>(Func<SqliteConnection, T> query) => inner.Read(query);

    public void Dispose() => inner.Dispose();
}

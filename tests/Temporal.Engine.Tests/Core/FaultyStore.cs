using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests;

/// <summary>A store whose commits fail or are slow when the test says so.</summary>
sealed class FaultyStore(IEngineStore inner, ManualTime time) : IEngineStore
{
    /// <summary>How long each commit takes, on the test's clock.</summary>
    public TimeSpan Delay { get; set; }

    public Exception? FailWith { get; set; }

    public bool FailureIsFatal { get; set; }

    public string Version => inner.Version;

    public void Commit(StoreBatch batch)
    {
        if (FailWith is { } failure)
            throw failure;
        if (Delay > TimeSpan.Zero)
            time.Advance(Delay);
        inner.Commit(batch);
    }

    public bool IsFatal(Exception failure) => FailureIsFatal || inner.IsFatal(failure);

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

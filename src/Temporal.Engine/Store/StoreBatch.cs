using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>A run as a row: who it is, how far it has come, and what is not in its history.</summary>
/// <param name="Key">Small number that stands for the run everywhere in the store.</param>
/// <param name="SideRecord">What an open run has beside its history; empty for a closed one.</param>
sealed record StoredRun(
    long Key,
    string NamespaceId,
    string WorkflowId,
    string RunId,
    string FirstRunId,
    int Status,
    DateTime StartTime,
    long NextEventId,
    long HistorySize,
    string CreateRequestId,
    byte[] SideRecord)
{
    /// <summary>It has no row yet.</summary>
    public bool IsNew { get; init; }

    public bool IsOpen => Status == (int)WorkflowExecutionStatus.Running;
}

/// <summary>Consecutive events of one run, serialized as one <c>History</c> message.</summary>
sealed record StoredEvents(long RunKey, long FirstEventId, long LastEventId, byte[] Content);

/// <summary>A subsystem's state under its own key. Content null: deleted.</summary>
sealed record StoredDocument(string Kind, string Key, byte[]? Content);

/// <summary>One run as lists show it. Times are UTC.</summary>
/// <param name="SearchJson">The search attributes as one JSON object by name, for queries: see <see cref="SearchJson"/>.</param>
sealed record VisibilityRow(
    long RunKey,
    string NamespaceId,
    string WorkflowId,
    string RunId,
    string WorkflowType,
    int Status,
    DateTime StartTime,
    DateTime ExecutionTime,
    DateTime? CloseTime,
    long HistoryLength,
    long HistorySize,
    long StateTransitions,
    string TaskQueue,
    string ParentWorkflowId,
    string ParentRunId,
    string RootWorkflowId,
    string RootRunId,
    string FirstRunId,
    byte[] Memo,
    byte[] SearchAttributes,
    string SearchJson);

/// <summary>All that one commit writes.</summary>
sealed class StoreBatch
{
    public List<StoredRun> Runs { get; } = [];

    public List<StoredEvents> Events { get; } = [];

    public List<VisibilityRow> Visibility { get; } = [];

    /// <summary>Runs to be deleted with all they have.</summary>
    public List<long> DeletedRuns { get; } = [];

    public Dictionary<(string Kind, string Key), StoredDocument> Documents { get; } = [];

    public bool HasDocuments => Documents.Count > 0;

    public bool IsEmpty => Runs.Count == 0 && Events.Count == 0 && Visibility.Count == 0 && DeletedRuns.Count == 0 && Documents.Count == 0;

    /// <summary>Bytes of the values in it.</summary>
    public long Size =>
        Runs.Sum(run => (long)run.SideRecord.Length) + Events.Sum(events => (long)events.Content.Length)
        + Documents.Values.Sum(document => (long)(document.Content?.Length ?? 0));

    public void PutDocument(StoredDocument document) => Documents[(document.Kind, document.Key)] = document;
}

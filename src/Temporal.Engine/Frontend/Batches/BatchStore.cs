using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>
/// Batch operations on disk: how far each has come, and, until it has ended, what was asked for. Reads are of the store, so
/// they show only what is committed.
/// </summary>
sealed class BatchStore(EngineState state, EngineLoop loop)
{
    public IReadOnlyList<DescribeBatchOperationResponse> List(string namespaceId) =>
        [
            .. state.Store.Documents(StateKind(namespaceId))
                .Select(document => DescribeBatchOperationResponse.Parser.ParseFrom(document.Content)),
        ];

    public DescribeBatchOperationResponse? Find(string namespaceId, string jobId) =>
        List(namespaceId).FirstOrDefault(found => found.JobId == jobId);

    /// <summary>What was asked for and has not ended; after a restart these go on.</summary>
    public IEnumerable<StartBatchOperationRequest> Unfinished(string namespaceId) =>
        state.Store.Documents(RequestKind(namespaceId)).Select(document => StartBatchOperationRequest.Parser.ParseFrom(document.Content));

    public Task BeginAsync(NamespaceEntry ns, StartBatchOperationRequest request, DescribeBatchOperationResponse begun) =>
        loop.RunAsync(tx =>
        {
            foreach (var old in List(ns.Id).Where(old => old.CloseTime is { } closed && closed.ToDateTime() < tx.Now - ns.Retention))
                tx.DeleteDocument(StateKind(ns.Id), old.JobId);
            tx.PutDocument(RequestKind(ns.Id), request.JobId, request.ToByteArray());
            tx.PutDocument(StateKind(ns.Id), begun.JobId, begun.ToByteArray());
        });

    public Task SaveAsync(string namespaceId, DescribeBatchOperationResponse progress)
    {
        var content = progress.ToByteArray();
        return loop.RunAsync(tx => tx.PutDocument(StateKind(namespaceId), progress.JobId, content));
    }

    public Task EndAsync(string namespaceId, DescribeBatchOperationResponse progress, BatchOperationState outcome) => loop.RunAsync(tx =>
    {
        var ended = progress.Clone();
        ended.State = outcome;
        ended.CloseTime = Timestamp.FromDateTime(tx.Now);
        tx.PutDocument(StateKind(namespaceId), ended.JobId, ended.ToByteArray());
        tx.DeleteDocument(RequestKind(namespaceId), ended.JobId);
    });

    static string StateKind(string namespaceId) => $"batch/{namespaceId}";

    static string RequestKind(string namespaceId) => $"batch-request/{namespaceId}";
}

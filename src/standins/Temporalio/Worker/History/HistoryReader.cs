using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Worker.Invocation;
using Temporalio.Worker.Tasks;

namespace Temporalio.Worker.History;

/// <summary>Gets the events that a task needs: those that came with it, further pages, or the whole history.</summary>
sealed class HistoryReader(WorkerRpc rpc, IPayloadCodec? codec)
{
    /// <summary>The events after <paramref name="lastEventId"/>, without gap, up to the task's own.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> ReadAsync(
        PollWorkflowTaskQueueResponse task, long lastEventId, CancellationToken cancellationToken)
    {
        var events = new List<HistoryEvent>(task.History?.Events ?? []);
        await AddPagesAsync(events, task.WorkflowExecution, task.NextPageToken, cancellationToken);

        if (lastEventId == 0 && (events.Count == 0 || events[0].EventId > 1))
            await PrependAsync(events, task.WorkflowExecution, cancellationToken);

        var news = events.FindAll(e => e.EventId > lastEventId);
        if (codec is not null)
        {
            await PayloadWalker.DecodeAsync(codec, news);
            await PayloadWalker.DecodeTaskAsync(codec, task);
        }

        return news;
    }

    // What came with the task wins: its last events may not be in the stored history yet.
    async Task PrependAsync(List<HistoryEvent> events, WorkflowExecution execution, CancellationToken cancellationToken)
    {
        var first = events.Count == 0 ? long.MaxValue : events[0].EventId;
        var stored = new List<HistoryEvent>();
        await AddPagesAsync(stored, execution, null, cancellationToken);
        events.InsertRange(0, stored.TakeWhile(e => e.EventId < first));
    }

    async Task AddPagesAsync(
        List<HistoryEvent> events, WorkflowExecution execution, ByteString? pageToken, CancellationToken cancellationToken)
    {
        while (pageToken is null or { Length: > 0 })
        {
            var page = await rpc.CallAsync(
                WorkflowServiceMethods.GetWorkflowExecutionHistory,
                new() { Namespace = rpc.Namespace, Execution = execution, NextPageToken = pageToken ?? ByteString.Empty },
                cancellationToken);
            events.AddRange(page.History?.Events ?? []);
            pageToken = page.NextPageToken;
        }
    }
}

using Temporalio.Common;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>Two steps in one: start and wait.</summary>
public static partial class ITemporalClientExtensions
{
    /// <summary>Starts a workflow by name and waits for its end.</summary>
    /// <exception cref="WorkflowFailedException">It did not succeed.</exception>
    public static async Task ExecuteWorkflowAsync(
        this ITemporalClient client, string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflow, args, options);
        await handle.GetResultAsync(rpcOptions: options.Rpc);
    }

    /// <inheritdoc cref="ExecuteWorkflowAsync(ITemporalClient, string, IReadOnlyCollection{object?}, WorkflowOptions)"/>
    public static async Task<TResult> ExecuteWorkflowAsync<TResult>(
        this ITemporalClient client, string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflow, args, options);
        return await handle.GetResultAsync<TResult>(rpcOptions: options.Rpc);
    }

    /// <summary>Starts a workflow, unless it runs already, and an update of it, and waits for the update's end.</summary>
    public static Task ExecuteUpdateWithStartWorkflowAsync(
        this ITemporalClient client,
        string update,
        IReadOnlyCollection<object?> args,
        WorkflowUpdateWithStartOptions options) =>
        client.ExecuteUpdateWithStartWorkflowAsync<ValueTuple>(update, args, options);

    /// <inheritdoc cref="ExecuteUpdateWithStartWorkflowAsync(ITemporalClient, string, IReadOnlyCollection{object?},
    /// WorkflowUpdateWithStartOptions)"/>
    public static async Task<TUpdateResult> ExecuteUpdateWithStartWorkflowAsync<TUpdateResult>(
        this ITemporalClient client,
        string update,
        IReadOnlyCollection<object?> args,
        WorkflowUpdateWithStartOptions options)
    {
        var handle = await client.StartUpdateWithStartWorkflowAsync<TUpdateResult>(update, args, WaitForEnd(options));
        return await handle.GetResultAsync(options.Rpc);
    }

    /// <summary>The histories of the workflows that match a list filter, for replay.</summary>
    public static async IAsyncEnumerable<WorkflowHistory> ListWorkflowHistoriesAsync(
        this ITemporalClient client,
        string query,
        WorkflowListOptions? listOptions = null,
        WorkflowHistoryEventFetchOptions? historyFetchOptions = null)
    {
        await foreach (var execution in client.ListWorkflowsAsync(query, listOptions))
        {
            var handle = client.GetWorkflowHandle(execution.Id, execution.RunId);
            yield return await handle.FetchHistoryAsync(historyFetchOptions);
        }
    }

    static WorkflowStartUpdateWithStartOptions WaitForEnd(WorkflowUpdateWithStartOptions options) => new()
    {
        Id = options.Id,
        Rpc = options.Rpc,
        StartWorkflowOperation = options.StartWorkflowOperation,
        WaitForStage = WorkflowUpdateStage.Completed,
    };
}

using System.Linq.Expressions;

namespace Temporalio.Client;

public static partial class ITemporalClientExtensions
{
    /// <summary>Starts a workflow by a call of its run method and waits for its end.</summary>
    /// <exception cref="Exceptions.WorkflowFailedException">It did not succeed.</exception>
    public static async Task ExecuteWorkflowAsync<TWorkflow>(
        this ITemporalClient client, Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflowRunCall, options);
        await handle.GetResultAsync(rpcOptions: options.Rpc);
    }

    /// <inheritdoc cref="ExecuteWorkflowAsync{TWorkflow}(ITemporalClient, Expression{Func{TWorkflow, Task}}, WorkflowOptions)"/>
    public static async Task<TResult> ExecuteWorkflowAsync<TWorkflow, TResult>(
        this ITemporalClient client, Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflowRunCall, options);
        return await handle.GetResultAsync(rpcOptions: options.Rpc);
    }

    /// <summary>Starts a workflow, unless it runs already, and an update of it, and waits for the update's end.</summary>
    public static Task ExecuteUpdateWithStartWorkflowAsync<TWorkflow>(
        this ITemporalClient client,
        Expression<Func<TWorkflow, Task>> updateCall,
        WorkflowUpdateWithStartOptions options)
    {
        var (update, args) = CallReader.Update(updateCall);
        return client.ExecuteUpdateWithStartWorkflowAsync(update, args, options);
    }

    /// <inheritdoc cref="ExecuteUpdateWithStartWorkflowAsync{TWorkflow}(ITemporalClient, Expression{Func{TWorkflow, Task}},
    /// WorkflowUpdateWithStartOptions)"/>
    public static Task<TUpdateResult> ExecuteUpdateWithStartWorkflowAsync<TWorkflow, TUpdateResult>(
        this ITemporalClient client,
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall,
        WorkflowUpdateWithStartOptions options)
    {
        var (update, args) = CallReader.Update(updateCall);
        return client.ExecuteUpdateWithStartWorkflowAsync<TUpdateResult>(update, args, options);
    }
}

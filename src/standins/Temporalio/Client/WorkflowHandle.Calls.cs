using System.Linq.Expressions;

namespace Temporalio.Client;

public partial record WorkflowHandle
{
    /// <inheritdoc cref="SignalAsync(string, IReadOnlyCollection{object?}, WorkflowSignalOptions?)"/>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, WorkflowSignalOptions? options = null)
    {
        var (signal, args) = CallReader.Signal(signalCall);
        return SignalAsync(signal, args, options);
    }

    /// <inheritdoc cref="QueryAsync{TQueryResult}(string, IReadOnlyCollection{object?}, WorkflowQueryOptions?)"/>
    public Task<TQueryResult> QueryAsync<TWorkflow, TQueryResult>(
        Expression<Func<TWorkflow, TQueryResult>> queryCall, WorkflowQueryOptions? options = null)
    {
        var (query, args) = CallReader.Query(queryCall);
        return QueryAsync<TQueryResult>(query, args, options);
    }

    /// <inheritdoc cref="ExecuteUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateOptions?)"/>
    public Task ExecuteUpdateAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateOptions? options = null)
    {
        var (update, args) = CallReader.Update(updateCall);
        return ExecuteUpdateAsync(update, args, options);
    }

    /// <inheritdoc cref="ExecuteUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateOptions?)"/>
    public Task<TUpdateResult> ExecuteUpdateAsync<TWorkflow, TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateOptions? options = null)
    {
        var (update, args) = CallReader.Update(updateCall);
        return ExecuteUpdateAsync<TUpdateResult>(update, args, options);
    }

    /// <inheritdoc cref="StartUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateStartOptions)"/>
    public Task<WorkflowUpdateHandle> StartUpdateAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateStartOptions options)
    {
        var (update, args) = CallReader.Update(updateCall);
        return StartUpdateAsync(update, args, options);
    }

    /// <inheritdoc cref="StartUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateStartOptions)"/>
    public Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateAsync<TWorkflow, TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateStartOptions options)
    {
        var (update, args) = CallReader.Update(updateCall);
        return StartUpdateAsync<TUpdateResult>(update, args, options);
    }
}

public partial record WorkflowHandle<TWorkflow>
{
    /// <inheritdoc cref="WorkflowHandle.SignalAsync(string, IReadOnlyCollection{object?}, WorkflowSignalOptions?)"/>
    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signalCall, WorkflowSignalOptions? options = null) =>
        SignalAsync<TWorkflow>(signalCall, options);

    /// <inheritdoc cref="WorkflowHandle.QueryAsync{TQueryResult}(string, IReadOnlyCollection{object?}, WorkflowQueryOptions?)"/>
    public Task<TQueryResult> QueryAsync<TQueryResult>(
        Expression<Func<TWorkflow, TQueryResult>> queryCall, WorkflowQueryOptions? options = null) =>
        QueryAsync<TWorkflow, TQueryResult>(queryCall, options);

    /// <inheritdoc cref="WorkflowHandle.ExecuteUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateOptions?)"/>
    public Task ExecuteUpdateAsync(Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateOptions? options = null) =>
        ExecuteUpdateAsync<TWorkflow>(updateCall, options);

    /// <inheritdoc cref="WorkflowHandle.ExecuteUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateOptions?)"/>
    public Task<TUpdateResult> ExecuteUpdateAsync<TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateOptions? options = null) =>
        ExecuteUpdateAsync<TWorkflow, TUpdateResult>(updateCall, options);

    /// <inheritdoc cref="WorkflowHandle.StartUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateStartOptions)"/>
    public Task<WorkflowUpdateHandle> StartUpdateAsync(
        Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateStartOptions options) =>
        StartUpdateAsync<TWorkflow>(updateCall, options);

    /// <inheritdoc cref="WorkflowHandle.StartUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateStartOptions)"/>
    public Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateAsync<TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateStartOptions options) =>
        StartUpdateAsync<TWorkflow, TUpdateResult>(updateCall, options);
}

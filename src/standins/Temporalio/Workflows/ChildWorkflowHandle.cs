using System.Linq.Expressions;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>A child workflow that has started.</summary>
public abstract class ChildWorkflowHandle
{
    /// <summary>Workflow id.</summary>
    public abstract string Id { get; }

    /// <summary>Its first run.</summary>
    public abstract string FirstExecutionRunId { get; }

    /// <summary>Waits for its end.</summary>
    public Task GetResultAsync() => GetResultAsync<ValueTuple>();

    /// <summary>Waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public abstract Task<TResult> GetResultAsync<TResult>();

    /// <summary>Signals it.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, ChildWorkflowSignalOptions? options = null)
    {
        var (method, arguments) = CallExpression.Read(signalCall);
        return SignalAsync(MemberNames.Signal(method), arguments, options);
    }

    /// <summary>Signals it by name.</summary>
    public abstract Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ChildWorkflowSignalOptions? options = null);
}

/// <summary>A child workflow of a known type.</summary>
/// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
public abstract class ChildWorkflowHandle<TWorkflow> : ChildWorkflowHandle
{
    /// <summary>Signals it.</summary>
    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signalCall, ChildWorkflowSignalOptions? options = null) =>
        SignalAsync<TWorkflow>(signalCall, options);
}

/// <summary>A child workflow of a known type and result.</summary>
/// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
/// <typeparam name="TResult">Type of its result.</typeparam>
public abstract class ChildWorkflowHandle<TWorkflow, TResult> : ChildWorkflowHandle<TWorkflow>
{
    /// <summary>Waits for its result.</summary>
    public new Task<TResult> GetResultAsync() => GetResultAsync<TResult>();
}

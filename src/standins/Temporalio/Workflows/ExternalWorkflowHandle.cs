using System.Linq.Expressions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>Any workflow of the namespace, to be signalled or cancelled.</summary>
public abstract class ExternalWorkflowHandle
{
    /// <summary>Workflow id.</summary>
    public abstract string Id { get; }

    /// <summary>Run id; null is the current run.</summary>
    public abstract string? RunId { get; }

    /// <summary>Signals it.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, ExternalWorkflowSignalOptions? options = null)
    {
        var (method, arguments) = CallExpression.Read(signalCall);
        return SignalAsync(MemberNames.Signal(method), arguments, options);
    }

    /// <summary>Signals it by name.</summary>
    public abstract Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ExternalWorkflowSignalOptions? options = null);

    /// <summary>Asks it to stop.</summary>
    public abstract Task CancelAsync();
}

/// <summary>A workflow of a known type, to be signalled or cancelled.</summary>
/// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
public abstract class ExternalWorkflowHandle<TWorkflow> : ExternalWorkflowHandle
{
    /// <summary>Signals it.</summary>
    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signalCall, ExternalWorkflowSignalOptions? options = null) =>
        SignalAsync<TWorkflow>(signalCall, options);
}

sealed class ExternalHandle<TWorkflow>(WorkflowInstance workflow, string id, string? runId) : ExternalWorkflowHandle<TWorkflow>
{
    public override string Id => id;

    public override string? RunId => runId;

    public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ExternalWorkflowSignalOptions? options = null) =>
        workflow.Outbound.SignalExternalWorkflowAsync(new(id, runId, signal, args, options, null));

    public override Task CancelAsync() => workflow.Outbound.CancelExternalWorkflowAsync(new(id, runId));
}

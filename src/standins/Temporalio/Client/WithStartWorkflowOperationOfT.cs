namespace Temporalio.Client;

/// <inheritdoc cref="WithStartWorkflowOperation"/>
public sealed class WithStartWorkflowOperation<THandle> : WithStartWorkflowOperation
    where THandle : WorkflowHandle
{
    readonly TaskCompletionSource<THandle> _handle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WithStartWorkflowOperation(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
        : base(workflow, args, options)
    {
    }

    /// <summary>The handle, as soon as the workflow is known to run; fails as the start fails.</summary>
    public Task<THandle> GetHandleAsync() => _handle.Task;

    public override object Clone() =>
        new WithStartWorkflowOperation<THandle>(Workflow, Args, (WorkflowOptions)Options.Clone()) { Headers = Headers };

    internal override void SetHandle(ITemporalClient client, string runId) =>
        _handle.TrySetResult((THandle)Activator.CreateInstance(typeof(THandle), client, Options.Id!, null, runId, runId)!);

    internal override void SetFailure(Exception exception)
    {
        if (_handle.TrySetException(exception))
        {
            // Nobody has to ask for the handle: the update call throws the same.
            _ = _handle.Task.Exception;
        }
    }
}

using Temporalio.Api.Common.V1;

namespace Temporalio.Client;

/// <summary>The start of a workflow as a part of an update-with-start. Can be used once; clone it for another.</summary>
public abstract partial class WithStartWorkflowOperation : ICloneable
{
    int _used;

    internal WithStartWorkflowOperation(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        Workflow = workflow;
        Args = args;
        Options = options;
    }

    public string Workflow { get; set; }

    public IReadOnlyCollection<object?> Args { get; set; }

    /// <summary>Id, task queue and id conflict policy are required.</summary>
    public WorkflowOptions Options { get; set; }

    public IDictionary<string, Payload>? Headers { get; set; }

    /// <summary>A start by workflow name.</summary>
    public static WithStartWorkflowOperation<WorkflowHandle> Create(
        string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options) => new(workflow, args, options);

    /// <summary>The same start, unused.</summary>
    public abstract object Clone();

    internal bool TryMarkUsed() => Interlocked.Exchange(ref _used, 1) == 0;

    internal abstract void SetHandle(ITemporalClient client, string runId);

    internal abstract void SetFailure(Exception exception);
}

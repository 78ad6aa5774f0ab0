namespace Temporal.Engine;

/// <summary>
/// One open run in memory: the fold of its history plus its side record. Its parts by subject are in the files
/// WorkflowRun.*.cs; what changes it is in the transition classes beside them.
/// </summary>
sealed partial class WorkflowRun(long key, NamespaceEntry ns, string workflowId, string runId) : ITimed
{
    /// <summary>Small number that stands for this run in the store.</summary>
    public long Key { get; } = key;

    public NamespaceEntry Namespace { get; } = ns;

    public string WorkflowId { get; } = workflowId;

    public string RunId { get; } = runId;

    /// <summary>Part of the batch that is being built.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Thrown away for a newer fold of the same run: whoever still holds it must look it up again.</summary>
    public bool IsDetached { get; set; }

    public int HeapIndex { get; set; } = -1;

    public DateTime Due { get; set; }

    public void Fire(EngineTransaction tx) => tx.Touch(this);

    public void WriteTo(StoreBatch batch) => IsTouched = !batch.IsEmpty;

    public void OnCommitted() => IsTouched = false;
}

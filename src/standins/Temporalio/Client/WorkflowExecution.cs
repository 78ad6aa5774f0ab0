using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>A workflow as lists show it. Times are UTC.</summary>
public class WorkflowExecution
{
    readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> _memo;
    readonly Lazy<SearchAttributeCollection> _searchAttributes;

    protected internal WorkflowExecution(
        WorkflowExecutionInfo rawInfo, DataConverter dataConverter, string? clientNamespaceForDataConverterWithContext)
    {
        RawInfo = rawInfo;
        _memo = new(() => MemoValues.Read(
            rawInfo.Memo,
            clientNamespaceForDataConverterWithContext is { } ns
                ? dataConverter.WithSerializationContext(new ISerializationContext.Workflow(ns, Id))
                : dataConverter));
        _searchAttributes = new(() => rawInfo.SearchAttributes is null
            ? SearchAttributeCollection.Empty
            : SearchAttributeCollection.FromProto(rawInfo.SearchAttributes));
    }

    public string Id => RawInfo.Execution.WorkflowId;

    public string RunId => RawInfo.Execution.RunId;

    public string WorkflowType => RawInfo.Type.Name;

    public string TaskQueue => RawInfo.TaskQueue;

    public WorkflowExecutionStatus Status => RawInfo.Status;

    /// <summary>When the run was created.</summary>
    public DateTime StartTime => RawInfo.StartTime.ToDateTime();

    /// <summary>When the run began or will begin, after its start delay or cron wait.</summary>
    public DateTime? ExecutionTime => RawInfo.ExecutionTime?.ToDateTime();

    /// <summary>Null while it is open.</summary>
    public DateTime? CloseTime => RawInfo.CloseTime?.ToDateTime();

    /// <summary>Number of events.</summary>
    public int HistoryLength => (int)RawInfo.HistoryLength;

    /// <summary>Null for a workflow that is no child.</summary>
    public string? ParentId => RawInfo.ParentExecution?.WorkflowId;

    public string? ParentRunId => RawInfo.ParentExecution?.RunId;

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => _memo.Value;

    public SearchAttributeCollection TypedSearchAttributes => _searchAttributes.Value;

    internal WorkflowExecutionInfo RawInfo { get; }
}

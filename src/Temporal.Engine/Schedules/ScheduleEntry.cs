using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Schedules;

/// <summary>One schedule on the loop: its machine, its timer, and what its decisions do to workflows.</summary>
sealed class ScheduleEntry : ITimed, IScheduleActions
{
    readonly ScheduleDirectory _directory;

    // Of the turn that runs now.
    EngineTransaction? _tx;

    public ScheduleEntry(ScheduleDirectory directory, ScheduleRecord record)
    {
        _directory = directory;
        Machine = new(record, this);
    }

    public ScheduleMachine Machine { get; }

    public ScheduleRecord Record => Machine.Record;

    public (string NamespaceId, string ScheduleId) Key => (Record.Definition.NamespaceId, Record.Id);

    public int HeapIndex { get; set; } = -1;

    public DateTime Due { get; set; }

    /// <summary>Taken back or gone: whoever still holds it must look the schedule up again.</summary>
    public bool IsDetached { get; set; }

    public void Fire(EngineTransaction tx)
    {
        if (IsDetached)
            return;
        var late = tx.Now - Due;
        tx.AfterCommit(() => tx.State.Meter.OnScheduleDue(late));
        _directory.Change(tx, this, machine => machine.Wake(tx.Now));
    }

    public void Turn(EngineTransaction tx, Action<ScheduleMachine> change)
    {
        _tx = tx;
        try
        {
            change(Machine);
        }
        finally
        {
            _tx = null;
        }
    }

    public string? Start(ScheduledStart start)
    {
        var request = StartRequest(start);
        try
        {
            return StartRules.Start(Transaction, request).RunId;
        }
        catch (RpcFailure refusal)
        {
            // Dropped, as the real server does: no action, no skip, no retry. An id that is taken is ordinary.
            ScheduleLog.StartRefused(
                _directory.Log, refusal.Status == RpcStatus.AlreadyExists ? LogLevel.Debug : LogLevel.Warning, Record.Id, start.WorkflowId,
                refusal.Message);
            return null;
        }
    }

    public void Cancel(WorkflowExecution first) => Try(() => WorkflowHandlers.RequestCancel(Transaction, new()
    {
        Namespace = _directory.NamespaceName(this),
        WorkflowExecution = new() { WorkflowId = first.WorkflowId },
        FirstExecutionRunId = first.RunId,
        Identity = Identity,
        RequestId = Guid.NewGuid().ToString(),
        Reason = "cancelled by schedule overlap policy",
    }));

    public void Terminate(WorkflowExecution first) => Try(() => WorkflowHandlers.Terminate(Transaction, new()
    {
        Namespace = _directory.NamespaceName(this),
        WorkflowExecution = new() { WorkflowId = first.WorkflowId },
        FirstExecutionRunId = first.RunId,
        Identity = Identity,
        Reason = "terminated by schedule overlap policy",
    }));

    EngineTransaction Transaction => _tx ?? throw new InvalidOperationException("A schedule acts only in its own turn.");

    string Identity => $"temporal-scheduler-{_directory.NamespaceName(this)}-{Record.Id}";

    // The run may have ended by itself in this very batch.
    void Try(Action request)
    {
        try
        {
            request();
        }
        catch (RpcFailure refusal)
        {
            ScheduleLog.RequestRefused(_directory.Log, Record.Id, refusal.Message);
        }
    }

    StartWorkflowExecutionRequest StartRequest(ScheduledStart start)
    {
        var action = Record.Definition.Action.StartWorkflow;
        var attributes = action.SearchAttributes?.Clone() ?? new();
        attributes.IndexedFields["TemporalScheduledStartTime"] = Json($"{start.NominalTime:yyyy-MM-ddTHH:mm:ssZ}");
        attributes.IndexedFields["TemporalScheduledById"] = Json(Record.Id);
        return new()
        {
            Namespace = _directory.NamespaceName(this),
            WorkflowId = start.WorkflowId,
            WorkflowType = action.WorkflowType,
            TaskQueue = action.TaskQueue,
            Input = action.Input,
            WorkflowExecutionTimeout = action.WorkflowExecutionTimeout,
            WorkflowRunTimeout = action.WorkflowRunTimeout,
            WorkflowTaskTimeout = action.WorkflowTaskTimeout,
            Identity = Identity,
            RequestId = Guid.NewGuid().ToString(),
            // A nominal time is started once in the life of its id; by hand it may be started again.
            WorkflowIdReusePolicy = start.Manual
                ? Temporalio.Api.Enums.V1.WorkflowIdReusePolicy.AllowDuplicate
                : Temporalio.Api.Enums.V1.WorkflowIdReusePolicy.RejectDuplicate,
            RetryPolicy = action.RetryPolicy,
            Memo = action.Memo,
            SearchAttributes = attributes,
            Header = action.Header,
            LastCompletionResult = start.LastResult,
            ContinuedFailure = start.LastFailure,
            UserMetadata = action.UserMetadata,
            Priority = action.Priority,
        };
    }

    static Payload Json(string value) => new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") },
        Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value)),
    };
}

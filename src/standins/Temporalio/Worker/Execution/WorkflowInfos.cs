using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>Reads a run's first event.</summary>
static class WorkflowInfos
{
    public static WorkflowInfo Of(WorkflowSettings settings, DataConverter converter, WorkflowExecution execution, HistoryEvent started)
    {
        var start = started.WorkflowExecutionStartedEventAttributes;
        return new(
            Attempt: Math.Max(1, start.Attempt),
            ContinuedRunId: Text(start.ContinuedExecutionRunId),
            CronSchedule: Text(start.CronSchedule),
            ExecutionTimeout: Span(start.WorkflowExecutionTimeout),
            FirstExecutionRunId: start.FirstExecutionRunId,
            Headers: start.Header?.Fields,
            LastFailure: start.ContinuedFailure is { } failure
                ? converter.FailureConverter.ToException(failure, converter.PayloadConverter)
                : null,
            LastResult: start.LastCompletionResult is { Payloads_.Count: > 0 } last
                ? [.. last.Payloads_.Select(payload => new RawValue(payload))]
                : null,
            Namespace: settings.Namespace,
            Parent: start.ParentWorkflowExecution is { } parent
                ? new(start.ParentWorkflowNamespace, parent.RunId, parent.WorkflowId)
                : null,
            Priority: Common.Priority.FromProto(start.Priority),
            RetryPolicy: start.RetryPolicy is { } policy ? Common.RetryPolicy.FromProto(policy) : null,
            Root: start.RootWorkflowExecution is { } root && root.RunId != execution.RunId ? new(root.RunId, root.WorkflowId) : null,
            RunId: execution.RunId,
            RunTimeout: Span(start.WorkflowRunTimeout),
            StartTime: started.EventTime.ToDateTime(),
            TaskQueue: start.TaskQueue?.Name is { Length: > 0 } queue ? queue : settings.TaskQueue,
            TaskTimeout: start.WorkflowTaskTimeout?.ToTimeSpan() ?? TimeSpan.FromSeconds(10),
            WorkflowId: execution.WorkflowId,
            WorkflowStartTime: started.EventTime.ToDateTime(),
            WorkflowType: start.WorkflowType.Name);
    }

    static string? Text(string text) => text.Length == 0 ? null : text;

    static TimeSpan? Span(Google.Protobuf.WellKnownTypes.Duration? duration) =>
        duration?.ToTimeSpan() is { Ticks: > 0 } span ? span : null;
}

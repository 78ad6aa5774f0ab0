using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Operations;

/// <summary>A child workflow: its start, its end and its cancellation.</summary>
sealed class ChildWorkflowOperation : Operation
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource<string> _started = new();
    readonly TaskCompletionSource<Payload?> _result = new();
    readonly string _type;
    readonly ChildWorkflowCancellationType _cancellationType;
    readonly OutgoingCommand _start;
    readonly CancellationTokenRegistration _cancellation;
    long _initiatedEventId;
    long _startedEventId;

    public ChildWorkflowOperation(WorkflowInstance workflow, StartChildWorkflowInput input, CancellationToken cancellationToken)
    {
        _workflow = workflow;
        _type = input.Workflow;
        _cancellationType = input.Options.CancellationType;
        Id = input.Options.Id ?? Workflow.NewGuid().ToString();
        _start = workflow.Commands.Add(new(
            this,
            new()
            {
                CommandType = CommandType.StartChildWorkflowExecution,
                StartChildWorkflowExecutionCommandAttributes = CommandAttributes.Of(workflow, Id, input),
                UserMetadata = workflow.UserMetadata(input.Options.StaticSummary, input.Options.StaticDetails),
            },
            EventType.StartChildWorkflowExecutionInitiated,
            $"child workflow '{_type}', id '{Id}'"));

        // Nobody has to look at the result of a child that is left to itself.
        _ = _result.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _cancellation = cancellationToken.Register(Cancel);
    }

    public string Id { get; }

    string RunId => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : string.Empty;

    /// <summary>The child's first run id, once it has started.</summary>
    public Task<string> Started => _started.Task;

    /// <summary>The child's result; null when it has none.</summary>
    public Task<Payload?> Result => _result.Task;

    public override string? Difference(HistoryEvent recorded)
    {
        var initiated = recorded.StartChildWorkflowExecutionInitiatedEventAttributes;
        return Differ("the child's id", initiated.WorkflowId, Id) ?? Differ("the child's type", initiated.WorkflowType.Name, _type);
    }

    public override void OnRecorded(HistoryEvent recorded)
    {
        _initiatedEventId = recorded.EventId;
        _workflow.Operations.Add(recorded.EventId, this);
    }

    public override void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
        if (happened.EventType != EventType.ChildWorkflowExecutionStarted)
            _workflow.Operations.Remove(_initiatedEventId);
        jobs.Add(JobOrder.Other, () => Resolve(happened));
    }

    void Resolve(HistoryEvent happened)
    {
        if (happened.EventType == EventType.ChildWorkflowExecutionStarted)
        {
            _startedEventId = happened.EventId;
            _started.TrySetResult(happened.ChildWorkflowExecutionStartedEventAttributes.WorkflowExecution.RunId);
            return;
        }

        _cancellation.Dispose();
        switch (happened.EventType)
        {
            case EventType.StartChildWorkflowExecutionFailed:
                FailStart(happened.StartChildWorkflowExecutionFailedEventAttributes.Cause);
                break;
            case EventType.ChildWorkflowExecutionCompleted:
                _result.TrySetResult(happened.ChildWorkflowExecutionCompletedEventAttributes.Result?.Payloads_.FirstOrDefault());
                break;
            case EventType.ChildWorkflowExecutionFailed:
                var failed = happened.ChildWorkflowExecutionFailedEventAttributes;
                Fail("Child Workflow execution failed", failed.Failure, failed.RetryState, failed.WorkflowExecution);
                break;
            case EventType.ChildWorkflowExecutionTimedOut:
                var timedOut = happened.ChildWorkflowExecutionTimedOutEventAttributes;
                Fail("Child Workflow execution timed out", TimedOut(), timedOut.RetryState, timedOut.WorkflowExecution);
                break;
            case EventType.ChildWorkflowExecutionCanceled:
                var canceled = happened.ChildWorkflowExecutionCanceledEventAttributes;
                Fail(
                    "Child Workflow execution canceled", Canceled(canceled.Details), RetryState.NonRetryableFailure,
                    canceled.WorkflowExecution);
                break;
            default:
                var terminated = happened.ChildWorkflowExecutionTerminatedEventAttributes;
                Fail("Child Workflow execution terminated", Terminated(), RetryState.NonRetryableFailure, terminated.WorkflowExecution);
                break;
        }
    }

    void Cancel()
    {
        if (_result.Task.IsCompleted)
            return;

        if (!_start.IsSent)
        {
            _workflow.Commands.Withdraw(_start);
            FailCancelled();
            return;
        }

        // The official SDKs treat "wait until requested" as "wait until completed" too: histories show it.
        if (_cancellationType != ChildWorkflowCancellationType.Abandon)
            _ = new ExternalCancelOperation(_workflow, new(Id, RunId), isChild: true);
        if (_cancellationType is ChildWorkflowCancellationType.Abandon or ChildWorkflowCancellationType.TryCancel)
            FailCancelled();
    }

    void FailStart(StartChildWorkflowExecutionFailedCause cause)
    {
        var failure = cause == StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists
            ? new WorkflowAlreadyStartedException($"Child workflow '{Id}' is already started", Id, _type, "<unknown>")
            : (Exception)new ApplicationFailureException(
                $"Child workflow '{Id}' could not be started: {cause}", errorType: cause.ToString());
        _started.TrySetException(failure);
        _result.TrySetException(failure);
    }

    void FailCancelled() => Fail(
        "Child Workflow execution cancelled",
        Canceled(null),
        RetryState.NonRetryableFailure,
        new() { WorkflowId = Id, RunId = RunId });

    void Fail(string message, Failure cause, RetryState retryState, WorkflowExecution execution)
    {
        var failure = _workflow.ToException(new()
        {
            Message = message,
            Cause = cause,
            ChildWorkflowExecutionFailureInfo = new()
            {
                Namespace = _workflow.Info.Namespace,
                WorkflowExecution = execution,
                WorkflowType = new() { Name = _type },
                InitiatedEventId = _initiatedEventId,
                StartedEventId = _startedEventId,
                RetryState = retryState,
            },
        });
        _started.TrySetException(failure);
        _result.TrySetException(failure);
    }

    static Failure TimedOut() => new() { Message = "Timed out", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } };

    static Failure Canceled(Payloads? details) => new() { Message = "Cancelled", CanceledFailureInfo = new() { Details = details } };

    static Failure Terminated() => new() { Message = "Terminated", TerminatedFailureInfo = new() };
}

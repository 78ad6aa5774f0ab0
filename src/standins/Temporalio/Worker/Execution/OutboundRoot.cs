using Temporalio.Api.Common.V1;
using Temporalio.Api.Command.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Operations;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>The last outbound interceptor: makes the operations.</summary>
sealed class OutboundRoot(WorkflowInstance workflow) : WorkflowOutboundInterceptor
{
    static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    public override Task DelayAsync(DelayAsyncInput input)
    {
        workflow.Writable();
        var token = input.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
            return Task.FromCanceled(token);
        if (input.Delay == Timeout.InfiniteTimeSpan)
            return ForeverAsync(token);

        ArgumentOutOfRangeException.ThrowIfLessThan(input.Delay, TimeSpan.Zero);
        var delay = input.Delay < ShortestDelay ? ShortestDelay : input.Delay;
        return new TimerOperation(workflow, delay, input.Summary, token).Fired;
    }

    public override async Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input)
    {
        workflow.Writable();
        var token = input.Options.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
            throw new CanceledFailureException("Activity cancelled before scheduled");

        return Value<TResult>(await new ActivityOperation(workflow, input, token).Result);
    }

    public override async Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input)
    {
        workflow.Writable();
        var options = input.Options;
        if (options.ScheduleToCloseTimeout is null && options.StartToCloseTimeout is null)
        {
            throw new ArgumentException(
                $"Local activity '{input.Activity}' needs StartToCloseTimeout or ScheduleToCloseTimeout in its LocalActivityOptions.");
        }

        var token = options.CancellationToken ?? workflow.CancellationToken;
        var arguments = workflow.ToPayloads(input.Args);
        var (attempt, scheduled) = (1, (DateTime?)null);
        while (true)
        {
            if (token.IsCancellationRequested)
                throw new CanceledFailureException("Activity cancelled before scheduled");

            var activity = new LocalActivityOperation(workflow, input, arguments, attempt, scheduled, token);
            var result = await activity.Result;
            if (activity.Backoff is not { } backoff)
                return Value<TResult>(result);

            await new TimerOperation(workflow, backoff.Wait, null, token).Fired;
            (attempt, scheduled) = (backoff.NextAttempt, backoff.OriginalScheduleTime);
        }
    }

    public override async Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        StartChildWorkflowInput input)
    {
        workflow.Writable();
        var token = input.Options.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
            throw new CanceledFailureException("Child workflow cancelled before scheduled");

        var child = new ChildWorkflowOperation(workflow, input, token);
        return new ChildHandle<TWorkflow, TResult>(workflow, child, await child.Started);
    }

    public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) => Signal(
        new()
        {
            Execution = new() { WorkflowId = input.Id },
            SignalName = input.Signal,
            Input = workflow.ToPayloads(input.Args),
            Header = CommandAttributes.Header(input.Headers),
            ChildWorkflowOnly = true,
        },
        input.Options?.CancellationToken);

    public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) => Signal(
        new()
        {
            Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? string.Empty },
            SignalName = input.Signal,
            Input = workflow.ToPayloads(input.Args),
            Header = CommandAttributes.Header(input.Headers),
        },
        input.Options?.CancellationToken);

    public override Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input)
    {
        workflow.Writable();
        return new ExternalCancelOperation(workflow, input, isChild: false).Delivered;
    }

    public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) => new(input);

    Task Signal(SignalExternalWorkflowExecutionCommandAttributes signal, CancellationToken? cancellationToken)
    {
        workflow.Writable();
        var token = cancellationToken ?? workflow.CancellationToken;
        return token.IsCancellationRequested
            ? Task.FromException(new CanceledFailureException("Signal cancelled before scheduled"))
            : new ExternalSignalOperation(workflow, signal, token).Delivered;
    }

    TResult Value<TResult>(Payload? payload) => typeof(TResult) == typeof(ValueTuple) || payload is null
        ? default!
        : workflow.PayloadConverter.ToValue<TResult>(payload);

    static async Task ForeverAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource();
        using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        await never.Task;
    }

    sealed class ChildHandle<TWorkflow, TChildResult>(WorkflowInstance workflow, ChildWorkflowOperation child, string runId)
        : ChildWorkflowHandle<TWorkflow, TChildResult>
    {
        public override string Id => child.Id;

        public override string FirstExecutionRunId => runId;

        public override async Task<TResult> GetResultAsync<TResult>()
        {
            var payload = await child.Result;
            return typeof(TResult) == typeof(ValueTuple) || payload is null
                ? default!
                : workflow.PayloadConverter.ToValue<TResult>(payload);
        }

        public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ChildWorkflowSignalOptions? options = null) =>
            workflow.Outbound.SignalChildWorkflowAsync(new(child.Id, signal, args, options, null));
    }
}

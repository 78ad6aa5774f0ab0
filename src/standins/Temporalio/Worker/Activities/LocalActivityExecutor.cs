using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Api.Failure.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Operations;
using Temporalio.Worker.Tasks;
using Temporalio.Workflows;

namespace Temporalio.Worker.Activities;

/// <summary>Runs a local activity with its retries. A wait that is too long for a workflow task is left to the workflow.</summary>
sealed class LocalActivityExecutor(
    ActivityExecutor executor, WorkerRpc rpc, DataConverter converter, TimeProvider time, ILoggerFactory loggers)
{
    static readonly TimeSpan DefaultRetryThreshold = TimeSpan.FromMinutes(1);

    public async Task<LocalActivityMarker> RunAsync(WorkflowInfo workflow, LocalActivityOperation activity, CancellationToken abort)
    {
        var options = activity.Input.Options;
        var policy = options.RetryPolicy ?? new();
        var scheduled = activity.OriginalScheduleTime ?? time.GetUtcNow().UtcDateTime;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(activity.Stop.Token, abort);
        for (var attempt = activity.Attempt; ; attempt++)
        {
            var (result, problem) = await AttemptAsync(workflow, activity, attempt, scheduled, stop.Token);
            abort.ThrowIfCancellationRequested();
            if (problem is null)
                return new(activity.Data(attempt, null, Now()), converter.PayloadConverter.ToPayload(result), null);

            var wait = stop.IsCancellationRequested ? null : LocalRetry.WaitAfter(problem, attempt, policy);
            if (wait is { } due && options.ScheduleToCloseTimeout is { } limit && Now() + due - scheduled >= limit)
                wait = null;
            if (wait is not { } pause)
                return new(activity.Data(attempt, null, Now()), null, FailureOf(problem, stop.Token));
            if (pause > (options.LocalRetryThreshold ?? DefaultRetryThreshold))
                return new(activity.Data(attempt, pause, Now()), null, FailureOf(problem, stop.Token));

            await Task.Delay(pause, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<(object? Result, Exception? Problem)> AttemptAsync(
        WorkflowInfo workflow, LocalActivityOperation activity, int attempt, DateTime scheduled, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var info = InfoOf(workflow, activity, attempt, scheduled);
        var context = new ActivityExecutionContext(
            info,
            new ActivityLogger(info, loggers.CreateLogger($"Temporalio.Activity:{info.ActivityType}")),
            rpc.Client() as ITemporalClient,
            ended.Token,
            stop);
        try
        {
            var run = executor.RunAsync(context, activity.Arguments, null, _ => { });
            if (TimeLeft(activity.Input.Options, scheduled) is not { } limit)
                return (await run, null);

            var timeout = Task.Delay(limit, time, ended.Token);
            if (await Task.WhenAny(run, timeout) == run || stop.IsCancellationRequested)
            {
                await ended.CancelAsync();
                return (await run, null);
            }

            context.CancelReason = ActivityCancelReason.Timeout;
            await ended.CancelAsync();
            return (null, Timeout(activity.Input.Options, limit));
        }
        catch (Exception problem)
        {
            return (null, problem);
        }
    }

    TimeSpan? TimeLeft(LocalActivityOptions options, DateTime scheduled)
    {
        var overall = options.ScheduleToCloseTimeout is { } limit ? limit - (Now() - scheduled) : (TimeSpan?)null;
        if (overall < TimeSpan.Zero)
            overall = TimeSpan.Zero;
        return (overall, options.StartToCloseTimeout) switch
        {
            ({ } all, { } one) => all < one ? all : one,
            ({ } all, null) => all,
            (null, var one) => one,
        };
    }

    static TimeoutFailureException Timeout(LocalActivityOptions options, TimeSpan limit) => new(
        new Failure
        {
            Message = "Activity timed out",
            TimeoutFailureInfo = new()
            {
                TimeoutType = limit == options.StartToCloseTimeout
                    ? Api.Enums.V1.TimeoutType.StartToClose
                    : Api.Enums.V1.TimeoutType.ScheduleToClose,
            },
        },
        null,
        DataConverter.Default.PayloadConverter);

    Failure FailureOf(Exception problem, CancellationToken stop) =>
        stop.IsCancellationRequested && TemporalException.IsCanceledException(problem)
            ? new() { Message = "Activity cancelled", Source = Execution.WorkflowInstance.FailureSource, CanceledFailureInfo = new() }
            : converter.FailureConverter.ToFailure(problem, converter.PayloadConverter);

    DateTime Now() => time.GetUtcNow().UtcDateTime;

    ActivityInfo InfoOf(WorkflowInfo workflow, LocalActivityOperation activity, int attempt, DateTime scheduled) => new(
        ActivityId: activity.Id,
        ActivityType: activity.Input.Activity,
        Attempt: attempt,
        CurrentAttemptScheduledTime: Now(),
        DataConverter: converter,
        HeartbeatDetails: [],
        HeartbeatTimeout: null,
        IsLocal: true,
        Namespace: workflow.Namespace,
        Priority: workflow.Priority,
        RetryPolicy: activity.Input.Options.RetryPolicy,
        ScheduleToCloseTimeout: activity.Input.Options.ScheduleToCloseTimeout,
        ScheduledTime: scheduled,
        StartToCloseTimeout: activity.Input.Options.StartToCloseTimeout,
        StartedTime: Now(),
        TaskQueue: workflow.TaskQueue,
        TaskToken: [],
        WorkflowId: workflow.WorkflowId,
        WorkflowNamespace: workflow.Namespace,
        WorkflowRunId: workflow.RunId,
        WorkflowType: workflow.WorkflowType);
}

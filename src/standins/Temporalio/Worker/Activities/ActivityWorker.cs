using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Tasks;

namespace Temporalio.Worker.Activities;

/// <summary>Runs activity attempts and reports how they ended.</summary>
sealed class ActivityWorker(
    ActivityExecutor executor,
    ActivityReporter reporter,
    WorkerRpc rpc,
    DataConverter converter,
    TemporalWorkerOptions options,
    ILoggerFactory loggers) : IDisposable
{
    readonly ConcurrentDictionary<RunningActivity, bool> _running = new();
    readonly CancellationTokenSource _shutdown = new();
    readonly ILogger _logger = loggers.CreateLogger<ActivityWorker>();
    volatile bool _isGraceOver;

    /// <summary>Runs one attempt. The slot is free again when its report is sent.</summary>
    public async Task HandleAsync(PollActivityTaskQueueResponse task, SlotPool.Slot slot)
    {
        using (slot)
        using (var activity = new RunningActivity(task, options.TimeProvider))
        {
            _running.TryAdd(activity, true);
            try
            {
                await RunAsync(activity);
            }
            catch (Exception problem)
            {
                // The attempt's own failures are reported; what is left are reports that did not get through. The server's timeout covers
                // them.
                _logger.LogWarning(
                    problem, "End of activity {ActivityType} ({ActivityId}) could not be reported", task.ActivityType.Name,
                    task.ActivityId);
            }
            finally
            {
                _running.TryRemove(activity, out _);
            }
        }
    }

    /// <summary>Activities hear that the worker shuts down.</summary>
    public void BeginShutdown() => _shutdown.Cancel();

    public void Dispose() => _shutdown.Dispose();

    /// <summary>The grace period is over: every activity is told to stop, also those that are still to come.</summary>
    public void StopAll()
    {
        _isGraceOver = true;
        foreach (var activity in _running.Keys)
            Stop(activity);
    }

    async Task RunAsync(RunningActivity activity)
    {
        var task = activity.Task;
        if (converter.PayloadCodec is { } codec)
            await Invocation.PayloadWalker.DecodeAsync(codec, [task]);

        var info = ActivityInfos.Of(task, rpc, converter);
        var context = new ActivityExecutionContext(
            info,
            new ActivityLogger(info, loggers.CreateLogger($"Temporalio.Activity:{info.ActivityType}")),
            rpc.Client() as ITemporalClient,
            activity.CancellationToken,
            _shutdown.Token);
        activity.Context = context;
        if (_isGraceOver)
            Stop(activity);

        var interval = HeartbeatThrottle.IntervalOf(
            info.HeartbeatTimeout, options.DefaultHeartbeatThrottleInterval, options.MaxHeartbeatThrottleInterval);
        using var heartbeats = new HeartbeatThrottle(details => reporter.HeartbeatAsync(activity, details), interval, options.TimeProvider);
        ActivityOutcome outcome;
        try
        {
            var result = await executor.RunAsync(context, task.Input, task.Header, details => Record(activity, heartbeats, info, details));
            outcome = ActivityOutcome.Completed(result);
        }
        catch (Exception problem)
        {
            outcome = ActivityOutcome.Of(problem, activity);
        }

        var unsent = heartbeats.Close();
        await reporter.ReportAsync(activity, info, outcome, unsent);
    }

    static void Record(RunningActivity activity, HeartbeatThrottle heartbeats, ActivityInfo info, object?[] details)
    {
        activity.OnHeartbeat();
        try
        {
            var payloads = new Payloads();
            payloads.Payloads_.AddRange(info.DataConverter.PayloadConverter.ToPayloads(details));
            heartbeats.Record(payloads);
        }
        catch (Exception problem)
        {
            activity.FailHeartbeat(problem);
        }
    }

    static void Stop(RunningActivity activity) => activity.Cancel(ActivityCancelReason.WorkerShutdown, new() { IsWorkerShutdown = true });
}

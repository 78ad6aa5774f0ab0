using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Runtime;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Testing;

/// <summary>Runs activity code in a test, without a worker or a server.</summary>
public record ActivityEnvironment
{
    /// <summary>What the activity sees about itself unless <see cref="Info"/> is set.</summary>
    public static readonly ActivityInfo DefaultInfo = new(
        ActivityId: "test",
        ActivityType: "unknown",
        Attempt: 1,
        CurrentAttemptScheduledTime: DateTime.UnixEpoch,
        DataConverter: DataConverter.Default,
        HeartbeatDetails: [],
        HeartbeatTimeout: null,
        IsLocal: false,
        Namespace: "default",
        Priority: Priority.Default,
        RetryPolicy: null,
        ScheduleToCloseTimeout: TimeSpan.FromSeconds(1),
        ScheduledTime: DateTime.UnixEpoch,
        StartToCloseTimeout: TimeSpan.FromSeconds(1),
        StartedTime: DateTime.UnixEpoch,
        TaskQueue: "test",
        TaskToken: "test"u8.ToArray(),
        WorkflowId: "test",
        WorkflowNamespace: "default",
        WorkflowRunId: "test-run",
        WorkflowType: "test");

    readonly ConcurrentBag<ActivityExecutionContext> _contexts = [];

    public ActivityInfo Info { get; init; } = DefaultInfo;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Called for each heartbeat; none is held back.</summary>
    public Action<object?[]> Heartbeater { get; init; } = static _ => { };

    public IPayloadConverter PayloadConverter { get; init; } = DataConverter.Default.PayloadConverter;

    public MetricMeter? MetricMeter { get; init; }

    public ITemporalClient? TemporalClient { get; init; }

    /// <summary>What the activity sees as its cancellation; <see cref="Cancel()"/> cancels it.</summary>
    public CancellationTokenSource CancellationTokenSource { get; init; } = new();

    public CancellationTokenSource WorkerShutdownTokenSource { get; init; } = new();

    /// <summary>The reason that the activity sees when it is cancelled.</summary>
    public ActivityCancelReason CancelReason { get; set; }

    public ActivityCancellationDetails? CancellationDetails { get; set; }

    /// <summary>Cancels the activity as if somebody had asked for it.</summary>
    public void Cancel() => Cancel(ActivityCancelReason.CancelRequested);

    public void Cancel(ActivityCancelReason reason) => Cancel(reason, new()
    {
        IsCancelRequested = reason == ActivityCancelReason.CancelRequested,
        IsGoneFromServer = reason == ActivityCancelReason.GoneFromServer,
        IsTimedOut = reason == ActivityCancelReason.Timeout,
        IsWorkerShutdown = reason == ActivityCancelReason.WorkerShutdown,
        IsPaused = reason == ActivityCancelReason.Paused,
        IsReset = reason == ActivityCancelReason.Reset,
    });

    public void Cancel(ActivityCancelReason reason, ActivityCancellationDetails details)
    {
        CancelReason = reason;
        CancellationDetails = details;
        foreach (var context in _contexts)
            SetReason(context);
        CancellationTokenSource.Cancel();
    }

    public Task RunAsync(Action activity) => RunAsync(() =>
    {
        activity();
        return Task.FromResult(default(ValueTuple));
    });

    public Task<T> RunAsync<T>(Func<T> activity) => RunAsync(() => Task.FromResult(activity()));

    public Task RunAsync(Func<Task> activity) => RunAsync(async () =>
    {
        await activity();
        return default(ValueTuple);
    });

    public Task<T> RunAsync<T>(Func<Task<T>> activity)
    {
        var context = new ActivityExecutionContext(
            PayloadConverter == Info.DataConverter.PayloadConverter
                ? Info
                : Info with { DataConverter = Info.DataConverter with { PayloadConverter = PayloadConverter } },
            Logger,
            TemporalClient,
            CancellationTokenSource.Token,
            WorkerShutdownTokenSource.Token)
        {
            Outbound = new Heartbeats(Heartbeater),
            MetricMeter = MetricMeter ?? TemporalRuntime.Default.MetricMeter,
        };
        SetReason(context);
        _contexts.Add(context);

        // On the pool: the context must not stay with the test's own code.
        return Task.Run(async () =>
        {
            ActivityExecutionContext.Enter(context);
            return await activity();
        });
    }

    void SetReason(ActivityExecutionContext context)
    {
        context.CancelReason = CancelReason;
        context.CancellationDetails = CancellationDetails;
    }

    sealed class Heartbeats(Action<object?[]> heartbeater) : ActivityOutboundInterceptor(null!)
    {
        public override void Heartbeat(HeartbeatInput input) => heartbeater(input.Details);
    }
}

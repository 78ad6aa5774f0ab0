using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Runtime;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Activities;

/// <summary>What a running activity knows and can do.</summary>
public class ActivityExecutionContext
{
    static readonly AsyncLocal<ActivityExecutionContext?> OfThisCode = new();

    readonly ITemporalClient? _client;

    internal ActivityExecutionContext(
        ActivityInfo info,
        ILogger logger,
        ITemporalClient? client,
        CancellationToken cancellationToken,
        CancellationToken workerShutdownToken)
    {
        Info = info;
        Logger = logger;
        _client = client;
        CancellationToken = cancellationToken;
        WorkerShutdownToken = workerShutdownToken;
    }

    /// <summary>Whether this code runs in an activity.</summary>
    public static bool HasCurrent => OfThisCode.Value is not null;

    /// <summary>The context of the running activity.</summary>
    /// <exception cref="InvalidOperationException">This code does not run in an activity.</exception>
    public static ActivityExecutionContext Current =>
        OfThisCode.Value ?? throw new InvalidOperationException("This can only be used in activity code.");

    /// <summary>What it knows about itself.</summary>
    public ActivityInfo Info { get; }

    /// <summary>A logger that names the activity.</summary>
    public ILogger Logger { get; }

    /// <summary>Cancelled when it is to stop. Reaches only activities that heartbeat, but for worker shutdown and timeouts.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Cancelled when the worker begins to shut down; the activity may go on for the grace period.</summary>
    public CancellationToken WorkerShutdownToken { get; }

    /// <summary>Why it is to stop.</summary>
    public ActivityCancelReason CancelReason { get; internal set; }

    /// <summary>All that is known about why it is to stop; null when it is not.</summary>
    public ActivityCancellationDetails? CancellationDetails { get; internal set; }

    /// <summary>Converter of values.</summary>
    public IPayloadConverter PayloadConverter => Info.DataConverter.PayloadConverter;

    /// <summary>A meter for the activity's own metrics.</summary>
    public MetricMeter MetricMeter { get; internal init; } = TemporalRuntime.Default.MetricMeter;

    /// <summary>The worker's client.</summary>
    public ITemporalClient TemporalClient =>
        _client ?? throw new InvalidOperationException("The worker was not made with an ITemporalClient.");

    internal ActivityOutboundInterceptor? Outbound { get; set; }

    /// <summary>
    /// Says that the activity is alive, with details that a later attempt gets. Calls are cheap: only the newest is sent, at most
    /// every 0.8 times the heartbeat timeout.
    /// </summary>
    public void Heartbeat(params object?[] details) => Outbound?.Heartbeat(new(details));

    internal static void Enter(ActivityExecutionContext? context) => OfThisCode.Value = context;
}

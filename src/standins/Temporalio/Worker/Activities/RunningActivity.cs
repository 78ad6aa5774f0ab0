using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker.Activities;

/// <summary>One attempt in work: why it was told to stop, once, and its own clocks.</summary>
sealed class RunningActivity : IDisposable
{
    // The server's timeout comes first; this one is for code that goes on although the server no longer waits.
    static readonly TimeSpan TimeoutAllowance = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _cancellation = new();
    readonly Lock _lock = new();
    readonly ITimer? _startToClose;
    readonly ITimer? _heartbeat;
    readonly TimeSpan _heartbeatTimeout;
    bool _isCancelling;
    bool _isDisposed;

    public RunningActivity(PollActivityTaskQueueResponse task, TimeProvider time)
    {
        Task = task;
        _heartbeatTimeout = task.HeartbeatTimeout?.ToTimeSpan() ?? TimeSpan.Zero;
        _startToClose = TimerFor(task.StartToCloseTimeout?.ToTimeSpan() ?? TimeSpan.Zero, time);
        _heartbeat = TimerFor(_heartbeatTimeout, time);
    }

    public PollActivityTaskQueueResponse Task { get; }

    public ActivityExecutionContext? Context { get; set; }

    public CancellationToken CancellationToken => _cancellation.Token;

    public ActivityCancelReason CancelReason { get; private set; }

    /// <summary>What failed when heartbeat details could not be converted.</summary>
    public Exception? HeartbeatProblem { get; private set; }

    public void OnHeartbeat()
    {
        lock (_lock)
        {
            if (!_isDisposed)
                _heartbeat?.Change(_heartbeatTimeout + TimeoutAllowance, Timeout.InfiniteTimeSpan);
        }
    }

    public void FailHeartbeat(Exception problem)
    {
        HeartbeatProblem ??= problem;
        Cancel(ActivityCancelReason.HeartbeatRecordFailure, new() { IsHeartbeatRecordFailure = true });
    }

    /// <summary>Tells it to stop. Only the first reason counts.</summary>
    public void Cancel(ActivityCancelReason reason, ActivityCancellationDetails details)
    {
        lock (_lock)
        {
            if (_isDisposed || CancelReason != ActivityCancelReason.None)
                return;

            CancelReason = reason;
            _isCancelling = true;
            if (Context is { } context)
            {
                context.CancelReason = reason;
                context.CancellationDetails = details;
            }
        }

        // Not under the lock, because it runs what the activity hung on its token; the attempt may end meanwhile, here or on another
        // thread.
        try
        {
            _cancellation.Cancel();
        }
        finally
        {
            lock (_lock)
            {
                _isCancelling = false;
                if (_isDisposed)
                    _cancellation.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _startToClose?.Dispose();
        _heartbeat?.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            if (!_isCancelling)
                _cancellation.Dispose();
        }
    }

    ITimer? TimerFor(TimeSpan timeout, TimeProvider time) => timeout <= TimeSpan.Zero
        ? null
        : time.CreateTimer(
            _ => Cancel(ActivityCancelReason.Timeout, new() { IsTimedOut = true }), null, timeout + TimeoutAllowance,
            Timeout.InfiniteTimeSpan);
}

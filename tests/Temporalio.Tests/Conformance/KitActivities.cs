using System.Text.Json;
using Temporalio.Activities;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's activities in C#.</summary>
public static class KitActivities
{
    static ActivityExecutionContext Context => ActivityExecutionContext.Current;

    [Activity("echo")]
    public static object? Echo(IRawValue? value = null) => value;

    [Activity("fail")]
    public static void Fail(KitFailure failure) => throw failure.ToException();

    [Activity("throwError")]
    public static void ThrowError(string message) => throw new TypeError(message);

    [Activity("succeedOnAttempt")]
    public static int SucceedOnAttempt(int attempt, KitFailure? failure = null)
    {
        var current = Context.Info.Attempt;
        failure ??= new() { Message = "not yet", Type = "NotYet" };
        return current >= attempt ? current : throw (failure with { Details = [JsonSerializer.SerializeToElement(current)] }).ToException();
    }

    [Activity("pause")]
    public static async Task<string> PauseAsync(double ms)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(ms), Context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            return "paused";
        }

        return "paused";
    }

    [Activity("silentUntilAttempt")]
    public static async Task<object> SilentUntilAttemptAsync(int attempt, JsonElement? details = null)
    {
        if (Context.Info.Attempt >= attempt)
            return new { attempt = Context.Info.Attempt, heartbeatDetails = await DetailsAsync() };

        Context.Heartbeat(details);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Context.CancellationToken);
        soon.CancelAfter(TimeSpan.FromSeconds(8));
        await CancelledAsync(soon.Token);
        throw new ApplicationFailureException("ended late");
    }

    [Activity("progressThenFail")]
    public static async Task<object> ProgressThenFailAsync(int attempt)
    {
        var current = Context.Info.Attempt;
        var before = await DetailsAsync();
        Context.Heartbeat(new { seen = current, before });
        return current >= attempt
            ? new { attempt = current, heartbeatDetails = before }
            : throw new KitFailure { Message = $"attempt {current}", Type = "Progress" }.ToException();
    }

    [Activity("untilCancelled")]
    public static async Task<string> UntilCancelledAsync(string how = "rethrow")
    {
        var context = Context;
        await using var beat = new Timer(_ => context.Heartbeat("alive"), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        await CancelledAsync(context.CancellationToken);
        return how switch
        {
            "return" => "finished anyway",
            "fail" => throw new ApplicationFailureException("failed during cancellation", "DuringCancel", nonRetryable: true),
            _ => throw new OperationCanceledException(context.CancellationToken),
        };
    }

    [Activity("completeLater")]
    public static void CompleteLater() => throw new CompleteAsyncException();

    [Activity("selfPortrait")]
    public static object SelfPortrait() => new
    {
        type = Context.Info.ActivityType,
        activityId = Context.Info.ActivityId,
        attempt = Context.Info.Attempt,
        isLocal = Context.Info.IsLocal,
        heartbeatTimeout = Kit.Milliseconds(Context.Info.HeartbeatTimeout) ?? 0,
        scheduleToClose = Kit.Milliseconds(Context.Info.ScheduleToCloseTimeout),
        startToClose = Kit.Milliseconds(Context.Info.StartToCloseTimeout),
        priority = Kit.Portrait(Context.Info.Priority),
        retryPolicy = Kit.Portrait(Context.Info.RetryPolicy),
        workflowType = Context.Info.WorkflowType,
    };

    static async Task<JsonElement?> DetailsAsync() =>
        Context.Info.HeartbeatDetails.Count == 0 ? null : await Context.Info.HeartbeatDetailAtAsync<JsonElement>(0);

    static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task;
    }

    /// <summary>An exception of the name that TypeScript's has, since the name is the type of its failure.</summary>
    sealed class TypeError(string message) : Exception(message);
}

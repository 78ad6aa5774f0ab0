namespace Maintenance.Host;

static class CancellationTokenExtensions
{
    /// <summary>Completes, without an exception, when the token is cancelled.</summary>
    public static Task UntilCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(() => cancelled.TrySetResult());
        return cancelled.Task;
    }
}

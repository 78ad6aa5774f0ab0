using System.Collections.Concurrent;
using Temporalio.Activities;

namespace Temporalio.Tests.EndToEnd;

/// <summary>An activity that hands its task token to the test.</summary>
public static class Callbacks
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource<ActivityInfo>> Started = new();

    public static Task<ActivityInfo> StartedAsync(string key) => Of(key).Task;

    [Activity]
    public static Task<string> WaitForCallbackAsync(string key)
    {
        Of(key).TrySetResult(ActivityExecutionContext.Current.Info);
        throw new CompleteAsyncException();
    }

    static TaskCompletionSource<ActivityInfo> Of(string key) =>
        Started.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

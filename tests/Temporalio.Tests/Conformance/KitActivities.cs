using System.Text.Json;
using Temporalio.Activities;
using Temporalio.Converters;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's activities in C#.</summary>
public static class KitActivities
{
    [Activity("echo")]
    public static object? Echo(IRawValue? value = null) => value;

    [Activity("fail")]
    public static void Fail(KitFailure failure) => throw failure.ToException();

    [Activity("throwError")]
    public static void ThrowError(string message) => throw new InvalidOperationException(message);

    [Activity("succeedOnAttempt")]
    public static int SucceedOnAttempt(int attempt, KitFailure? failure = null)
    {
        var current = ActivityExecutionContext.Current.Info.Attempt;
        return current >= attempt ? current : throw (failure ?? new() { Message = "not yet", Type = "NotYet" }).ToException();
    }

    [Activity("progressThenFail")]
    public static object ProgressThenFail(int attempt)
    {
        var context = ActivityExecutionContext.Current;
        context.Heartbeat(new { seen = context.Info.Attempt });
        return context.Info.Attempt >= attempt
            ? new { attempt = context.Info.Attempt }
            : throw new KitFailure { Message = $"attempt {context.Info.Attempt}", Type = "Progress" }.ToException();
    }
}

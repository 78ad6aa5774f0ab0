using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporal.Engine;

/// <summary>What a retry policy says about the next attempt.</summary>
static class RetryRules
{
    const string TimeoutPrefix = "TemporalTimeout:";

    static readonly string[] TimeoutTypes =
    [
        nameof(TimeoutType.StartToClose), nameof(TimeoutType.ScheduleToStart), nameof(TimeoutType.ScheduleToClose),
        nameof(TimeoutType.Heartbeat),
    ];

    /// <summary>Whether there is a next attempt (InProgress) and after which wait, or why there is none.</summary>
    public static (RetryState State, TimeSpan Wait) Next(
        RetryPolicy? policy, int attempt, Failure failure, DateTime now, DateTime? expiration)
    {
        if (policy is null)
            return (RetryState.RetryPolicyNotSet, default);
        if (failure.TimeoutFailureInfo?.TimeoutType is TimeoutType.ScheduleToStart or TimeoutType.ScheduleToClose)
            return (RetryState.Timeout, default);
        if (!IsRetryable(policy, failure))
            return (RetryState.NonRetryableFailure, default);
        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
            return (RetryState.MaximumAttemptsReached, default);
        var wait = (failure.ApplicationFailureInfo?.NextRetryDelay is { } delay ? Durations.Of(delay) : Interval(policy, attempt));
        if (wait is null || (expiration is { } end && now + wait > end))
            return (RetryState.Timeout, default);
        return (RetryState.InProgress, wait.Value);
    }

    /// <summary>The wait before this attempt, as the policy alone says.</summary>
    public static TimeSpan WaitBefore(RetryPolicy policy, int attempt) => Interval(policy, Math.Max(1, attempt - 1)) ?? TimeSpan.Zero;

    /// <summary>Null when the interval outgrows all clocks.</summary>
    static TimeSpan? Interval(RetryPolicy policy, int attempt)
    {
        var initial = Durations.Of(policy.InitialInterval);
        var max = Durations.Of(policy.MaximumInterval);
        var ticks = initial.Ticks * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        if (max > TimeSpan.Zero && ticks > max.Ticks)
            return max;
        return ticks > TimeSpan.FromDays(36500).Ticks || ticks <= 0 ? null : TimeSpan.FromTicks((long)ticks);
    }

    static bool IsRetryable(RetryPolicy policy, Failure failure) => failure.FailureInfoCase switch
    {
        Failure.FailureInfoOneofCase.TerminatedFailureInfo or Failure.FailureInfoOneofCase.CanceledFailureInfo => false,
        Failure.FailureInfoOneofCase.TimeoutFailureInfo =>
            !policy.NonRetryableErrorTypes.Contains($"{TimeoutPrefix}{failure.TimeoutFailureInfo.TimeoutType}"),
        Failure.FailureInfoOneofCase.ServerFailureInfo => !failure.ServerFailureInfo.NonRetryable,
        Failure.FailureInfoOneofCase.ApplicationFailureInfo =>
            !failure.ApplicationFailureInfo.NonRetryable && !policy.NonRetryableErrorTypes.Contains(failure.ApplicationFailureInfo.Type),
        _ => true,
    };

    /// <summary>The policy with the server's defaults in the empty fields.</summary>
    public static RetryPolicy WithDefaults(RetryPolicy? policy)
    {
        var full = policy?.Clone() ?? new RetryPolicy();
        if (Durations.Of(full.InitialInterval) == TimeSpan.Zero)
            full.InitialInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        if (full.BackoffCoefficient == 0)
            full.BackoffCoefficient = 2;
        if (Durations.Of(full.MaximumInterval) == TimeSpan.Zero)
            full.MaximumInterval = Durations.Cut(Durations.Of(full.InitialInterval) * 100);
        return full;
    }

    /// <summary>What is wrong with a policy, or null.</summary>
    public static string? Problem(RetryPolicy? policy)
    {
        if (policy is null || policy.MaximumAttempts == 1)
            return null;
        if (Durations.Problem(policy.InitialInterval) is { } initial)
            return $"invalid InitialInterval set on retry policy: {initial}";
        if (policy.BackoffCoefficient < 1)
            return "BackoffCoefficient cannot be less than 1 on retry policy.";
        if (Durations.Problem(policy.MaximumInterval) is { } max)
            return $"invalid MaximumInterval set on retry policy: {max}";
        if (policy.MaximumInterval is not null && Durations.Of(policy.MaximumInterval) < Durations.Of(policy.InitialInterval))
            return "MaximumInterval cannot be less than InitialInterval on retry policy.";
        if (policy.MaximumAttempts < 0)
            return "MaximumAttempts cannot be negative on retry policy.";
        foreach (var type in policy.NonRetryableErrorTypes)
        {
            if (type.StartsWith(TimeoutPrefix, StringComparison.Ordinal) && !TimeoutTypes.Contains(type[TimeoutPrefix.Length..]))
                return $"Invalid timeout type value: {type[TimeoutPrefix.Length..]}.";
        }

        return null;
    }
}

/// <summary>Durations of requests.</summary>
static class Durations
{
    /// <summary>Longer times are as good as for ever, and sums with them must stay within the calendar. The real server cuts here too.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365 * 100);

    /// <summary>
    /// Takes what protobuf's own conversion refuses: nanoseconds of more than a second, and lengths beyond all calendars.
    /// </summary>
    public static TimeSpan Of(Duration? duration)
    {
        if (duration is null)
            return TimeSpan.Zero;
        if (Math.Abs((double)duration.Seconds) > Longest.TotalSeconds)
            return duration.Seconds > 0 ? Longest : -Longest;
        return new(duration.Seconds * TimeSpan.TicksPerSecond + duration.Nanos / TimeSpan.NanosecondsPerTick);
    }

    public static Duration? OrNull(TimeSpan span) => span == TimeSpan.Zero ? null : Duration.FromTimeSpan(span);

    public static Duration Cut(TimeSpan span) => Duration.FromTimeSpan(span < Longest ? span : Longest);

    /// <summary>What is wrong with a duration, or null. One that is right and longer than the longest is cut.</summary>
    public static string? Problem(Duration? duration)
    {
        switch (duration)
        {
            case { Seconds: < 0, Nanos: > 0 } or { Seconds: > 0, Nanos: < 0 }:
                return "duration has seconds and nanos with different signs";
            case { Seconds: < 0 } or { Nanos: < 0 }:
                return "negative duration";
            case not null when duration.Seconds >= (long)Longest.TotalSeconds:
                (duration.Seconds, duration.Nanos) = ((long)Longest.TotalSeconds, 0);
                break;
        }

        return null;
    }

    public static Duration? Min(Duration? a, Duration? b) => a is null ? null : b is null || Of(a) <= Of(b) ? a : b;
}

using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Temporal.Engine;

/// <summary>A run that is about to be created: by a caller, a parent, a schedule, or the run before it.</summary>
sealed record NewRun(NamespaceEntry Namespace, string WorkflowId, string RunId, WorkflowExecutionStartedEventAttributes Started)
{
    /// <summary>Two runs of one chain start at least so far apart.</summary>
    static readonly TimeSpan ChainInterval = TimeSpan.FromSeconds(1);

    public string RequestId { get; init; } = Guid.NewGuid().ToString();

    public UserMetadata? UserMetadata { get; init; }

    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>The next attempt of a run that failed.</summary>
    public static NewRun Retry(EngineTransaction tx, WorkflowRun previous, TimeSpan wait, Failure failure)
    {
        var started = Successor(tx, previous, ContinueAsNewInitiator.Retry, wait);
        started.Attempt = previous.Started.Attempt + 1;
        started.ContinuedFailure = failure;
        return Of(previous, started);
    }

    /// <summary>The next run of a cron workflow; null for any other.</summary>
    public static NewRun? Cron(EngineTransaction tx, WorkflowRun previous, Payloads? result, Failure? failure)
    {
        if (previous.Started.CronSchedule.Length == 0)
            return null;
        var executed = previous.StartTime + Durations.Of(previous.Started.FirstWorkflowTaskBackoff);
        if (CronSchedule.Parse(previous.Started.CronSchedule)?.Backoff(executed, tx.Now) is not { } wait)
            return null;
        if (previous.ExecutionExpiration is { } end && tx.Now + wait >= end)
            return null;
        var started = Successor(tx, previous, ContinueAsNewInitiator.CronSchedule, wait);
        started.Attempt = 1;
        started.LastCompletionResult = result ?? previous.Started.LastCompletionResult;
        started.ContinuedFailure = failure;
        return Of(previous, started);
    }

    public static NewRun ContinueAsNew(
        EngineTransaction tx, WorkflowRun previous, string type, ContinueAsNewWorkflowExecutionCommandAttributes command)
    {
        var started = Successor(tx, previous, ContinueAsNewInitiator.Workflow, Durations.Of(command.BackoffStartInterval));
        if (command.Initiator != ContinueAsNewInitiator.Unspecified)
            started.Initiator = command.Initiator;
        started.Attempt = 1;
        started.WorkflowType = new() { Name = type };
        if (command.TaskQueue?.Name is { Length: > 0 } queue)
            started.TaskQueue = new() { Name = queue, Kind = TaskQueueKind.Normal };
        started.Input = command.Input;
        started.Header = command.Header;
        started.Memo = command.Memo;
        started.SearchAttributes = SearchAttributeRules.Typed(previous.Namespace, command.SearchAttributes);
        started.LastCompletionResult = command.LastCompletionResult;
        started.ContinuedFailure = command.Failure;
        started.CronSchedule = command.CronSchedule;
        if (command.RetryPolicy is not null)
            started.RetryPolicy = RetryRules.WithDefaults(command.RetryPolicy);
        if (Durations.Of(command.WorkflowRunTimeout) > TimeSpan.Zero)
            started.WorkflowRunTimeout = command.WorkflowRunTimeout;
        if (Durations.Of(command.WorkflowTaskTimeout) > TimeSpan.Zero)
            started.WorkflowTaskTimeout = command.WorkflowTaskTimeout;
        StartTimeouts.Normalize(started);
        return Of(previous, started);
    }

    static NewRun Of(WorkflowRun previous, WorkflowExecutionStartedEventAttributes started) =>
        new(previous.Namespace, previous.WorkflowId, started.OriginalExecutionRunId, started);

    /// <summary>What every next run of a chain takes over.</summary>
    static WorkflowExecutionStartedEventAttributes Successor(
        EngineTransaction tx, WorkflowRun previous, ContinueAsNewInitiator initiator, TimeSpan wait)
    {
        var started = previous.Started.Clone();
        started.OriginalExecutionRunId = Guid.NewGuid().ToString();
        started.ContinuedExecutionRunId = previous.RunId;
        started.FirstExecutionRunId = previous.FirstRunId;
        started.Initiator = initiator;
        started.FirstWorkflowTaskBackoff = Durations.OrNull(Spread(tx, previous, wait));
        started.Memo = previous.Memo.Count == 0 ? null : new() { Fields = { previous.Memo } };
        var attributes = new SearchAttributes { IndexedFields = { previous.SearchAttributes } };
        // What kept the run before from going on is no problem of the next one.
        attributes.IndexedFields.Remove(WorkflowRun.ProblemsAttribute);
        started.SearchAttributes = attributes.IndexedFields.Count == 0 ? null : attributes;
        started.PrevAutoResetPoints = previous.HandOverResetPoints(tx.Now);
        started.Identity = "";
        return started;
    }

    static TimeSpan Spread(EngineTransaction tx, WorkflowRun previous, TimeSpan wait)
    {
        var lived = tx.Now - (previous.StartTime + Durations.Of(previous.Started.FirstWorkflowTaskBackoff));
        return lived + wait < ChainInterval ? ChainInterval - lived : wait;
    }
}

/// <summary>The timeouts of a run after the limits.</summary>
static class StartTimeouts
{
    public static void Normalize(WorkflowExecutionStartedEventAttributes started)
    {
        var execution = Durations.Of(started.WorkflowExecutionTimeout);
        var run = Durations.Of(started.WorkflowRunTimeout);
        if (execution > TimeSpan.Zero && (run == TimeSpan.Zero || run > execution))
            run = execution;
        var task = Durations.Of(started.WorkflowTaskTimeout);
        if (task == TimeSpan.Zero)
            task = HistoryLimits.TaskTimeout;
        if (task > HistoryLimits.TaskTimeoutMax)
            task = HistoryLimits.TaskTimeoutMax;
        if (run > TimeSpan.Zero && task > run)
            task = run;
        // What nobody has set stays absent, so that a history says what was asked for.
        if (started.WorkflowExecutionTimeout is not null)
            started.WorkflowExecutionTimeout = Duration.FromTimeSpan(execution);
        if (started.WorkflowRunTimeout is not null || run > TimeSpan.Zero)
            started.WorkflowRunTimeout = Duration.FromTimeSpan(run);
        started.WorkflowTaskTimeout = Duration.FromTimeSpan(task);
    }
}

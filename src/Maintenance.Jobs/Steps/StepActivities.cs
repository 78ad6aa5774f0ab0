using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Recovery;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Exceptions;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Steps;

/// <summary>
/// The activity that is one attempt of one script. However often it is handed out, the script runs once; how the script ended is the return
/// value, and exceptions are only for troubles of ours, which Temporal's retry policy takes care of.
/// </summary>
public sealed class StepActivities(
    AttemptHost attempts, IRunStore? store, OrphanedAttempts orphans, TimeProvider time, ILogger<StepActivities> logger)
{
    /// <summary>Short steps end before the first one, and cost no call.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    public const string RunStepName = "run-step";

    [Activity(RunStepName)]
    public async Task<StepReport> RunStepAsync(AttemptRequest request)
    {
        try
        {
            return await RunAsync(request);
        }
        catch (HostShortageException shortage)
        {
            SayCannotStart(request, shortage.Message);
            throw new ApplicationFailureException(shortage.Message, shortage, shortage.Error);
        }
    }

    /// <summary>At once, and then each time it has lasted as long again: it is tried every few seconds, for as long as it takes.</summary>
    void SayCannotStart(AttemptRequest request, string reason)
    {
        var times = ActivityExecutionContext.Current.Info.Attempt;
        if (int.IsPow2(times))
            AttemptLog.CannotStartYet(logger, request.Step, request.Job, request.RunId, times, reason.TrimEnd('.'));
    }

    async Task<StepReport> RunAsync(AttemptRequest request)
    {
        var context = ActivityExecutionContext.Current;
        var info = context.Info;
        var key = new AttemptKey(info.WorkflowRunId ?? request.RunId, info.ActivityId);
        LiveAttempt live;
        Leaving leaving;
        using (orphans.Follow(key))
        {
            live = attempts.Open(key, request, info.TaskToken);
            leaving = await FollowAsync(live, context);
        }

        if (leaving == Leaving.LetGo)
        {
            // The attempt stays open at the server: this worker's successor, or this one when the server is back, reports on it.
            orphans.LookAfter(key);
            throw new CompleteAsyncException();
        }

        var result = await live.Completion;
        if (result.Outcome is AttemptOutcome.CouldNotStart { Passing: true } passing)
        {
            SayCannotStart(request, passing.Message);
            throw new ApplicationFailureException(passing.Message, errorType: passing.Error);
        }

        return await ReportAsync(key, result, store, time, logger);
    }

    async Task<Leaving> FollowAsync(LiveAttempt live, ActivityExecutionContext context)
    {
        using var ended = new CancellationTokenSource();
        var shutdown = WhenCancelled(context.WorkerShutdownToken, ended.Token);
        var cancelled = WhenCancelled(context.CancellationToken, ended.Token);
        try
        {
            while (true)
            {
                using var pause = new CancellationTokenSource();
                var first = await Task.WhenAny(live.Completion, cancelled, shutdown, Task.Delay(HeartbeatInterval, time, pause.Token));
                await pause.CancelAsync();
                if (live.Completion.IsCompleted)
                    return Leaving.Ended;
                if (first == shutdown)
                    return Leaving.LetGo;
                if (first == cancelled)
                {
                    if (context.CancelReason != ActivityCancelReason.CancelRequested)
                        return Leaving.LetGo;
                    live.RequestStop("the run was cancelled");
                    await Task.WhenAny(live.Completion, shutdown);
                    return live.Completion.IsCompleted ? Leaving.Ended : Leaving.LetGo;
                }

                context.Heartbeat(live.ReadLatest());
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    /// <summary>Also used for attempts that are reported by token.</summary>
    internal static async Task<StepReport> ReportAsync(
        AttemptKey key, AttemptResult result, IRunStore? store, TimeProvider time, ILogger logger)
    {
        var report = StepReports.Of(key, result);
        if (store is null || result.Output.Length <= OutputBudget.AttemptCharsMax)
            return report;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            await store.PutFullOutputAsync(key.RunId, key.ActivityId, result.Output, time.GetUtcNow(), limit.Token);
        }
        catch (Exception away) when (away is RunStoreUnavailableException or OperationCanceledException)
        {
            RunLog.OutputNotStored(logger, key.ActivityId, key.RunId, away.Message);
        }

        return report;
    }

    static async Task WhenCancelled(CancellationToken token, CancellationToken ended)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onCancel = token.Register(() => source.TrySetResult());
        await using var onEnd = ended.Register(() => source.TrySetResult());
        await source.Task;
    }

    enum Leaving
    {
        Ended,
        LetGo,
    }
}

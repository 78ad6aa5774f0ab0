using System.Text;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Runs;
using Maintenance.Jobs.Steps;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Calls;

/// <summary>
/// The activity that is one attempt of an http, sql or activity step. How the call ended is the return value. A call leaves nothing on the
/// host by which a later worker could tell how far it came: when its worker is lost, it is made again if that does no harm, and is
/// otherwise unknown.
/// </summary>
public sealed class CallActivities(JobsOptions options, PluginActivities plugins, TimeProvider time, ILogger<CallActivities> logger)
{
    [Activity("call-step")]
    public async Task<StepReport> CallAsync(CallRequest request)
    {
        var context = ActivityExecutionContext.Current;
        var started = time.GetUtcNow();
        if (context.Info.Attempt > 1 && !request.Idempotent)
            return Report(request, CallResult.Of(new AttemptOutcome.Unknown("the worker was lost while the call was under way")), started);
        CallLog.Started(logger, request.Job, request.Step, request.Attempt, request.RunId);
        using var limit = new CancellationTokenSource(request.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.CancellationToken);
        var call = MakeAsync(request, stop.Token);
        await HeartbeatUntilAsync(call, context);
        try
        {
            return Report(request, await call, started);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Report(request, CallResult.Of(new AttemptOutcome.TimedOut(request.Timeout, null)), started);
        }
        catch (OperationCanceledException) when (context.CancelReason == ActivityCancelReason.CancelRequested)
        {
            return Report(request, CallResult.Of(new AttemptOutcome.Cancelled("the run was cancelled")), started);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The next worker gets it as a second execution, and decides there.
            throw new ApplicationFailureException("The worker stopped while the call was under way.", "WORKER_STOPPED");
        }
    }

    Task<CallResult> MakeAsync(CallRequest request, CancellationToken stop) => request switch
    {
        { Http: { } http } => HttpCall.MakeAsync(http, stop),
        { Sql: { } sql } => SqlCall.MakeAsync(sql, stop),
        { Activity: { } activity } => plugins.CallAsync(activity),
        _ => throw new ApplicationFailureException("This worker does not know the kind of the step. Upgrade it.", "UNKNOWN_KIND"),
    };

    async Task HeartbeatUntilAsync(Task call, ActivityExecutionContext context)
    {
        while (!call.IsCompleted)
        {
            using var pause = new CancellationTokenSource();
            await Task.WhenAny(call, Task.Delay(StepActivities.HeartbeatInterval, time, pause.Token));
            await pause.CancelAsync();
            if (!call.IsCompleted)
                context.Heartbeat();
        }
    }

    StepReport Report(CallRequest request, CallResult result, DateTimeOffset started) => new()
    {
        Outcome = result.Outcome,
        Outputs = result.Outputs,
        Record = new Records.AttemptRecord
        {
            Number = request.Attempt,
            ActivityId = $"{request.Step}/{request.Attempt}",
            Outcome = CallReports.Word(result.Outcome),
            HostId = options.HostId,
            HostName = options.HostName,
            StartedAt = started,
            FinishedAt = time.GetUtcNow(),
            Reason = result.Outcome.Succeeded ? null : result.Outcome.ToString(),
            Output = result.Output.Length == 0
                ? null
                : OutputBudget.Excerpt(result.Output, Encoding.UTF8.GetByteCount(result.Output), OutputBudget.AttemptCharsMax),
        },
    };
}

/// <summary>What a call brought; everything in it is redacted.</summary>
public sealed record CallResult(AttemptOutcome Outcome)
{
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
    public string Output { get; init; } = "";

    public static CallResult Of(AttemptOutcome outcome) => new(outcome);

    public static CallResult Missed(string reason, string output = "", TimeSpan? notBefore = null) =>
        new(new AttemptOutcome.Failed(reason, Final: false, notBefore)) { Output = output };

    public static CallResult Impossible(string error, string message) =>
        new(new AttemptOutcome.CouldNotStart(error, message, Passing: false));
}

static class CallReports
{
    public static Records.AttemptOutcome Word(AttemptOutcome outcome) => outcome switch
    {
        { Succeeded: true } => Records.AttemptOutcome.Succeeded,
        AttemptOutcome.TimedOut => Records.AttemptOutcome.TimedOut,
        AttemptOutcome.Cancelled => Records.AttemptOutcome.Cancelled,
        AttemptOutcome.Unknown => Records.AttemptOutcome.Unknown,
        _ => Records.AttemptOutcome.Failed,
    };
}

/// <summary>Event 3060: calls of steps that are no scripts.</summary>
static partial class CallLog
{
    [LoggerMessage(3060, LogLevel.Debug, "{JobName}/{StepName} makes its call, attempt {Attempt} of run {RunId}")]
    public static partial void Started(ILogger logger, string jobName, string stepName, int attempt, string runId);
}

using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Calls;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Runs;

/// <summary>A <c>job</c> step: a run of its own, with its own record, undo and finally, whose end is this step's.</summary>
public sealed partial class JobRunWorkflow
{
    async Task<StepReport> RunChildAsync(Attempt attempt, ChildJobStep child)
    {
        var started = Now();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(attempt.Frame.Cancellation);
        using var limit = new CancellationTokenSource();
        string? runId = null;
        AttemptOutcome outcome;
        IReadOnlyDictionary<string, string> outputs = new Dictionary<string, string>();
        try
        {
            var input = JsonSerializer.Deserialize<JsonElement>(FactsOf(attempt.Frame.Target).ResolveJson(child.InputJson));
            var handle = await Workflow.StartChildWorkflowAsync(child.Job, [input], ChildOptions(attempt, stop.Token));
            runId = handle.FirstExecutionRunId;
            var result = handle.GetResultAsync<RunSummary>();
            var late = Workflow.DelayAsync(AtLeastAMoment(attempt.Limit), limit.Token);
            if (await Workflow.WhenAnyAsync(result, late) == late && !result.IsCompleted)
            {
                // Cancelled, not terminated: it cleans up after itself.
                stop.Cancel();
                await UntilEndedAsync(result);
                outcome = new AttemptOutcome.TimedOut(attempt.Limit, null);
            }
            else
            {
                limit.Cancel();
                outputs = (await result).Outputs;
                outcome = new AttemptOutcome.Done();
            }
        }
        catch (Exception failed) when (failed is ChildWorkflowFailureException or WorkflowAlreadyStartedException
            || TemporalException.IsCanceledException(failed))
        {
            limit.Cancel();
            outcome = ChildOutcome(child.Job, failed);
        }

        return new StepReport
        {
            Outcome = outcome,
            Outputs = runId is null ? outputs : outputs.Append(KeyValuePair.Create("runId", runId)).DistinctBy(o => o.Key).ToDictionary(),
            Record = new AttemptRecord
            {
                Number = attempt.Number,
                ActivityId = $"{attempt.Name}/{attempt.Number}",
                Outcome = CallReports.Word(outcome),
                HostId = attempt.Host.Id,
                HostName = attempt.Host.Name,
                StartedAt = started,
                FinishedAt = Now(),
                Reason = $"{(outcome.Succeeded ? "" : $"{outcome}; ")}run {runId ?? "not started"} of job '{child.Job}'",
            },
        };
    }

    /// <summary>However it ends: that it took too long is what counts.</summary>
    static async Task UntilEndedAsync(Task child)
    {
        try
        {
            await child;
        }
        catch (ChildWorkflowFailureException)
        {
            return;
        }
    }

    ChildWorkflowOptions ChildOptions(Attempt attempt, CancellationToken cancellation)
    {
        var memo = new Dictionary<string, object>
        {
            [RunMemo.Cause] = nameof(RunCause.Child).ToLowerInvariant(),
            [RunMemo.Host] = attempt.Host.Id,
            [RunMemo.HostName] = attempt.Host.Name,
            [RunMemo.Depth] = $"{Request.Depth + 1}",
        };
        if (Begun.Requester is { } requester)
            memo[RunMemo.Requester] = requester;
        if (Request.Memo.GetValueOrDefault(RunMemo.Installation) is { } installation)
            memo[RunMemo.Installation] = installation;
        if (LastOf(_jobLocks.Concat(attempt.Frame.Locks)) is { } held)
            memo[RunMemo.LocksBehind] = held;
        if (QuorumPlacesAt(attempt.Frame).ToList() is { Count: > 0 } places)
            memo[RunMemo.QuorumPlaces] = string.Join(',', places);
        return new ChildWorkflowOptions
        {
            Id = $"{Request.WorkflowId}/{attempt.Name}/{attempt.Number}",
            StaticSummary = attempt.Name,
            Memo = memo,
            // A parent that is terminated leaves no one to ask: its child then stops and cleans up.
            ParentClosePolicy = ParentClosePolicy.RequestCancel,
            CancellationType = ChildWorkflowCancellationType.WaitCancellationCompleted,
            CancellationToken = cancellation,
        };
    }

    static AttemptOutcome ChildOutcome(string job, Exception failed) => failed switch
    {
        _ when TemporalException.IsCanceledException(failed) => new AttemptOutcome.Cancelled($"the run of job '{job}' was cancelled"),
        ChildWorkflowFailureException { InnerException: ApplicationFailureException { ErrorType: "JobRefused" } refused } =>
            new AttemptOutcome.Failed($"was refused: {refused.Message.TrimEnd('.')}", Final: true),
        ChildWorkflowFailureException { InnerException: { } inner } =>
            new AttemptOutcome.Failed($"failed: {inner.Message.TrimEnd('.')}", Final: false),
        _ => new AttemptOutcome.Failed($"failed: {failed.Message.TrimEnd('.')}", Final: false),
    };
}

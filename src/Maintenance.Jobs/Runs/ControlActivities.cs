using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Bundles;
using Maintenance.Records;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Runs;

/// <summary>The activities of a run that need the store: its begin, its end, and a message in between.</summary>
public sealed class ControlActivities(
    JobsOptions options, IRunStore store, BundleCache bundles, AttemptHost attempts, TimeProvider time, ILogger<ControlActivities> logger)
{
    static readonly TimeSpan _openTimeLimit = TimeSpan.FromSeconds(2);

    readonly RunBeginning _beginning = new(options, store, bundles);

    [Activity("begin")]
    public async Task<BeginResult> BeginAsync(BeginRequest request)
    {
        var begun = await _beginning.DecideAsync(request, ActivityExecutionContext.Current.CancellationToken);
        if (begun.Refusal is null && begun.Skip is null)
            await OpenRecordAsync(request, begun);
        RunLog.RunBegan(logger, request.Job, request.RunId, options.HostName);
        return begun;
    }

    /// <summary>Writes the whole run and what it tells the world in one transaction. Repeatable: all keys come from the run.</summary>
    [Activity("finish")]
    public async Task FinishAsync(RunRecord run)
    {
        foreach (var line in RunProgress.AuditOf(run))
            await store.AppendAuditAsync(line, ActivityExecutionContext.Current.CancellationToken);
        await store.FinishRunAsync(run, options.MessagesOf(run), ActivityExecutionContext.Current.CancellationToken);
        attempts.Release(run.RunId);
        if (run.Status is RunStatus.Succeeded or RunStatus.Skipped)
            RunLog.RunEnded(logger, run.Job, run.RunId, run.Status.ToString());
        else
            RunLog.RunEndedBadly(logger, run.Job, run.RunId, run.Status.ToString(), run.Reason ?? "");
    }

    [Activity("audit")]
    public Task AuditAsync(AuditRecord record) => store.AppendAuditAsync(record, ActivityExecutionContext.Current.CancellationToken);

    [Activity("cancel")]
    public static async Task CancelAsync(string workflowId, string runId)
    {
        try
        {
            await ActivityExecutionContext.Current.TemporalClient.GetWorkflowHandle(workflowId, runId).CancelAsync();
        }
        catch (RpcException ended) when (ended.Code == RpcException.StatusCode.NotFound)
        {
            // It came to its end meanwhile; there is nothing left to stop.
            return;
        }
    }

    [Activity("notify")]
    public Task NotifyAsync(ApprovalNotice notice) =>
        store.EnqueueAsync(options.MessagesOfApproval(notice), ActivityExecutionContext.Current.CancellationToken);

    /// <summary>Best effort: a database that is away holds no run up; the record is complete when the run ends.</summary>
    async Task OpenRecordAsync(BeginRequest request, BeginResult begun)
    {
        using var limit = new CancellationTokenSource(_openTimeLimit, time);
        try
        {
            var progress = new RunProgress(request);
            progress.Begin(begun);
            await store.OpenRunAsync(progress.ToRecord(request.StartedAt) with { FinishedAt = null }, limit.Token);
        }
        catch (Exception away) when (away is RunStoreUnavailableException or OperationCanceledException)
        {
            RunLog.RecordNotOpened(logger, request.RunId, away.Message);
        }
    }
}

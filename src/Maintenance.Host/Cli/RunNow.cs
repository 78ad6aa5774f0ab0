using Maintenance.Jobs.Runs;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

/// <summary>
/// What an open run does at this moment: its workflow tells what it waits for, and the server what it has tried in vain, which the workflow
/// does not see.
/// </summary>
/// <param name="Status">Null when no worker answers for the workflow.</param>
/// <param name="Troubles">What is tried again and again, each with its last failure; empty when all goes well.</param>
/// <param name="Silence">Why there is no status.</param>
sealed record RunNow(RunStatusView? Status, IReadOnlyList<string> Troubles, string? Silence)
{
    /// <summary>A worker answers within milliseconds; without one the question would wait.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks the server first, then the workflow; a workflow that does not answer is no error.</summary>
    /// <exception cref="RpcException">The server does not answer, or knows no such workflow.</exception>
    public static async Task<RunNow> AskAsync(WorkflowHandle handle, CancellationToken cancellationToken)
    {
        var rpc = new RpcOptions { Timeout = _patience, CancellationToken = cancellationToken };
        var described = await handle.Client.WorkflowService.DescribeWorkflowExecutionAsync(
            new DescribeWorkflowExecutionRequest
            {
                Namespace = handle.Client.Options.Namespace,
                Execution = new() { WorkflowId = handle.Id, RunId = handle.RunId ?? "" },
            },
            rpc);
        var troubles = described.PendingActivities.Where(a => a.LastFailure is not null).Select(Trouble).ToList();
        if (described.PendingWorkflowTask is { Attempt: > 1 } task)
            troubles.Add(
                $"the worker has failed {task.Attempt - 1} times to take the workflow further; its log says why, and it is tried again");
        try
        {
            return new(await handle.QueryAsync<RunStatusView>("status", [], new() { Rpc = rpc }), troubles, null);
        }
        catch (Exception ex) when (ex is RpcException or WorkflowQueryFailedException or WorkflowQueryRejectedException)
        {
            return new(null, troubles, $"no worker says what it does now: {ex.Message}");
        }
    }

    /// <summary>Which step, the server's last failure of it, and when it is tried again.</summary>
    static string Trouble(PendingActivityInfo activity)
    {
        var again = activity.State == PendingActivityState.Started ? "being tried again"
            : activity.ScheduledTime is { } next ? $"again at {RunText.Time(next.ToDateTimeOffset())}"
            : "to be tried again";
        return $"{activity.ActivityId}: {activity.LastFailure.Message.TrimEnd('.')} (tried {Math.Max(1, activity.Attempt - 1)} times, {again})";
    }
}

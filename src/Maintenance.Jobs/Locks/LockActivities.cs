using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Locks;

/// <summary>What a lock cannot do from inside a workflow: being started by its first asker, and looking at runs.</summary>
public sealed class LockActivities(IRunStore store, TimeProvider time)
{
    [Activity("lock-ask")]
    public static async Task AskAsync(LockAsk ask)
    {
        var client = ActivityExecutionContext.Current.TemporalClient;
        var start = new LockStart(await FindStateAsync(client, ask.Request.Lock), ask.Limits);
        var call = new WorkflowOptions(LockRules.WorkflowId(ask.Request.Lock), TaskQueues.Control);
        call.SignalWithStart("ask", [ask.Request]);
        await client.StartWorkflowAsync((LockWorkflow w) => w.RunAsync(start), call);
    }

    /// <summary>
    /// What a lock that is not there begins with. When somebody ended its workflow by hand, the runs that held it do so still: they are
    /// taken over. A state that the server has forgotten cannot be; then the tokens, which grow by the clock, are what tells the holders
    /// apart.
    /// </summary>
    static async Task<LockState> FindStateAsync(ITemporalClient client, string name)
    {
        var before = client.GetWorkflowHandle(LockRules.WorkflowId(name));
        try
        {
            return (await before.DescribeAsync()).Status == WorkflowExecutionStatus.Running
                ? new LockState { Name = name }
                : LockState.Of(await before.QueryAsync<LockStatusView>("status", []));
        }
        catch (RpcException none) when (none.Code == RpcException.StatusCode.NotFound)
        {
            return new LockState { Name = name };
        }
    }

    /// <summary>The ids of the requests whose runs are closed, for at least the grace.</summary>
    [Activity("lock-check")]
    public async Task<IReadOnlyList<string>> FindGoneAsync(LockCheck check)
    {
        var client = ActivityExecutionContext.Current.TemporalClient;
        var gone = new List<string>();
        foreach (var run in check.Requests.GroupBy(r => r.ExecutionRunId))
        {
            if (await IsGoneAsync(client, run.First(), check.Grace))
                gone.AddRange(run.Select(r => r.Id));
            ActivityExecutionContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        return gone;
    }

    [Activity("lock-audit")]
    public Task AuditAsync(AuditRecord record) =>
        store.AppendAuditAsync(record, ActivityExecutionContext.Current.CancellationToken);

    async Task<bool> IsGoneAsync(ITemporalClient client, LockRequest request, TimeSpan grace)
    {
        if (await CloseTimeAsync(client.GetWorkflowHandle(request.WorkflowId, request.ExecutionRunId)) is not { } closed)
            return false;
        return time.GetUtcNow() >= closed + grace && !await GoesOnElsewhereAsync(client, request);
    }

    /// <summary>Null while it is open; the beginning of time when the server has forgotten it.</summary>
    static async Task<DateTimeOffset?> CloseTimeAsync(WorkflowHandle handle)
    {
        try
        {
            var run = await handle.DescribeAsync();
            return run.Status == WorkflowExecutionStatus.Running
                ? null
                : new DateTimeOffset(run.CloseTime ?? DateTime.UnixEpoch, TimeSpan.Zero);
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            return DateTimeOffset.UnixEpoch;
        }
    }

    /// <summary>A run that somebody reset is closed and lives on in another execution, which believes that it holds the lock.</summary>
    static async Task<bool> GoesOnElsewhereAsync(ITemporalClient client, LockRequest request)
    {
        var newest = client.GetWorkflowHandle(request.WorkflowId);
        if (await CloseTimeAsync(newest) is not null)
            return false;
        return (await newest.QueryAsync<RunStatusView>("status", [])).RunId == request.RunId;
    }
}

public sealed record LockAsk(LockRequest Request, LockLimits Limits);

public sealed record LockCheck(string Lock, IReadOnlyList<LockRequest> Requests, TimeSpan Grace);

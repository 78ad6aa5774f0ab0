using System.Collections.Concurrent;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Steps;
using Maintenance.Records;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Recovery;

/// <summary>
/// Takes care of attempts that no activity of this worker follows: those that an earlier worker left, and those that were let go. Each is
/// asked about at the server with the stored task token. Known there: it is followed and reported by token. Not known: when the run is
/// closed it is contained; when the run is open the server will hand the activity out again, and that attaches.
/// </summary>
public sealed class AttemptKeeper(
    ITemporalClient client, AttemptHost attempts, IRunStore? store, OrphanedAttempts orphans, TimeProvider time,
    ILogger<AttemptKeeper> logger)
{
    static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan _serverAwayPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<AttemptKey, Task> _following = new();

    /// <summary>Runs until <paramref name="stoppingToken"/>; start it before the worker polls, so that heartbeats go out at once.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var nextSweep = time.GetTimestamp();
        foreach (var key in attempts.Known())
            Follow(key, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var read = orphans.Keys.WaitToReadAsync(wake.Token).AsTask();
            await Task.WhenAny(read, Task.Delay(_sweepInterval, time, wake.Token));
            await wake.CancelAsync();
            while (orphans.Keys.TryRead(out var key))
                Follow(key, stoppingToken);
            if (time.GetElapsedTime(nextSweep) >= _sweepInterval && !stoppingToken.IsCancellationRequested)
            {
                nextSweep = time.GetTimestamp();
                foreach (var key in attempts.Known())
                    Follow(key, stoppingToken);
            }
        }

        await Task.WhenAll(_following.Values);
    }

    /// <summary>Nothing that was let go waits to be reported.</summary>
    public bool IsIdle => orphans.IsEmpty && _following.Values.All(task => task.IsCompleted);

    void Follow(AttemptKey key, CancellationToken stoppingToken)
    {
        if (!orphans.IsFollowed(key) && (!_following.TryGetValue(key, out var task) || task.IsCompleted))
            _following[key] = LookAfterAsync(key, stoppingToken);
    }

    async Task LookAfterAsync(AttemptKey key, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await LookOnceAsync(key, stoppingToken))
                    return;
            }
            catch (RpcException away)
            {
                RecoveryLog.ServerAway(logger, key.ActivityId, key.RunId, away.Message);
            }
            catch (HostShortageException shortage)
            {
                RecoveryLog.NoRoom(logger, key.ActivityId, key.RunId, shortage.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // One folder that cannot be dealt with must not keep the others from being looked after.
                RecoveryLog.Failed(logger, key.ActivityId, key.RunId, failed);
                return;
            }

            await Pause(_serverAwayPause, stoppingToken);
        }
    }

    /// <summary>True when nothing is left to do for this attempt.</summary>
    async Task<bool> LookOnceAsync(AttemptKey key, CancellationToken stoppingToken)
    {
        if (attempts.TokenOf(key) is not { } token)
            return await ContainIfClosedAsync(key, stoppingToken);
        var handle = client.GetAsyncActivityHandle(token);
        switch (await BeatAsync(handle, attempts.TakeUp(key)))
        {
            case Beat.NotFound:
                return await ContainIfClosedAsync(key, stoppingToken);
            case Beat.CancelRequested:
                attempts.TakeUp(key)?.RequestStop("the run was cancelled");
                break;
        }

        if (attempts.TakeUp(key) is not { } live)
            // Nothing was started; the server hands the activity out again when it misses its heartbeat.
            return true;
        RecoveryLog.TakenUp(logger, key.ActivityId, key.RunId);
        return await FollowToEndAsync(key, handle, live, stoppingToken);
    }

    async Task<bool> FollowToEndAsync(AttemptKey key, AsyncActivityHandle handle, LiveAttempt live, CancellationToken stoppingToken)
    {
        while (!live.Completion.IsCompleted)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(live.Completion, Task.Delay(_heartbeatInterval, time, pause.Token));
            await pause.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
            if (live.Completion.IsCompleted)
                break;
            var beat = await BeatAsync(handle, live);
            if (beat == Beat.NotFound)
                return await ContainIfClosedAsync(key, stoppingToken);
            if (beat == Beat.CancelRequested)
                live.RequestStop("the run was cancelled");
        }

        var report = await StepActivities.ReportAsync(key, await live.Completion, store, time, logger);
        try
        {
            await handle.CompleteAsync(report);
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            // Handed out anew meanwhile: that one gives the same result, from the folder.
            return await ContainIfClosedAsync(key, stoppingToken);
        }

        return true;
    }

    static async Task<Beat> BeatAsync(AsyncActivityHandle handle, LiveAttempt? live)
    {
        try
        {
            await handle.HeartbeatAsync(new AsyncActivityHeartbeatOptions { Details = [live?.ReadLatest() ?? LiveLines.Empty] });
            return Beat.Known;
        }
        catch (AsyncActivityCanceledException)
        {
            return Beat.CancelRequested;
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            return Beat.NotFound;
        }
    }

    async Task<bool> ContainIfClosedAsync(AttemptKey key, CancellationToken stoppingToken)
    {
        if (attempts.WorkflowIdOf(key) is { } workflowId && await IsOpenAsync(workflowId, key.RunId))
        {
            // Followed so that it is known when its activity comes again; its result waits in the folder.
            _ = attempts.TakeUp(key);
            return true;
        }

        RecoveryLog.Contained(logger, key.ActivityId, key.RunId);
        await attempts.ContainAsync(key, stoppingToken);
        return true;
    }

    async Task<bool> IsOpenAsync(string workflowId, string runId)
    {
        try
        {
            var run = await client.GetWorkflowHandle(workflowId, runId).DescribeAsync();
            return run.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running;
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            return false;
        }
    }

    async Task Pause(TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(pause, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The caller's loop sees the token.
            return;
        }
    }

    enum Beat
    {
        Known,
        CancelRequested,
        NotFound,
    }
}

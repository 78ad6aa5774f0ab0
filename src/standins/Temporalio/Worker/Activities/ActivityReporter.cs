using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Invocation;
using Temporalio.Worker.Tasks;

namespace Temporalio.Worker.Activities;

/// <summary>Tells the server about activity attempts, and the attempts what the server answers.</summary>
sealed class ActivityReporter(WorkerRpc rpc, DataConverter converter, ILogger logger, CancellationToken stopping)
{
    /// <summary>Sends a heartbeat. False when the server no longer knows the attempt.</summary>
    public async Task<bool> HeartbeatAsync(RunningActivity activity, Payloads details)
    {
        var request = new RecordActivityTaskHeartbeatRequest
        {
            Namespace = rpc.Namespace, Identity = rpc.Identity, TaskToken = activity.Task.TaskToken, Details = details,
        };
        try
        {
            if (converter.PayloadCodec is { } codec)
                await PayloadWalker.EncodeAsync(codec, [request]);
            var reply = await rpc.CallAsync(WorkflowServiceMethods.RecordActivityTaskHeartbeat, request, CancellationToken.None);
            Deliver(activity, reply);
            return true;
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            activity.Cancel(ActivityCancelReason.GoneFromServer, new() { IsGoneFromServer = true });
            return false;
        }
        catch (RpcException away)
        {
            // The next heartbeat tries again. If the server is away for longer than the timeout, it decides.
            logger.LogDebug(away, "Heartbeat of activity {ActivityId} was not accepted", activity.Task.ActivityId);
            return true;
        }
        catch (Exception problem)
        {
            activity.FailHeartbeat(problem);
            return false;
        }
    }

    public async Task ReportAsync(RunningActivity activity, ActivityInfo info, ActivityOutcome outcome, Payloads? unsentHeartbeat)
    {
        try
        {
            switch (outcome)
            {
                case ActivityOutcome.Success success:
                    await CompleteAsync(activity, info, success.Result);
                    break;
                case ActivityOutcome.Failure failure:
                    logger.LogDebug(failure.Problem, "Activity {ActivityType} ({ActivityId}) failed", info.ActivityType, info.ActivityId);
                    await FailAsync(activity, info, failure.Problem, unsentHeartbeat);
                    break;
                case ActivityOutcome.Cancelled cancelled:
                    await CancelAsync(activity, info, cancelled.Details);
                    break;
                case ActivityOutcome.Nothing:
                    break;
            }
        }
        catch (RpcException gone) when (gone.Code == RpcException.StatusCode.NotFound)
        {
            logger.LogDebug(
                gone, "Activity {ActivityType} ({ActivityId}) ended after the server gave it up", info.ActivityType, info.ActivityId);
        }
    }

    async Task CompleteAsync(RunningActivity activity, ActivityInfo info, object? result)
    {
        RespondActivityTaskCompletedRequest request;
        try
        {
            request = new()
            {
                Namespace = rpc.Namespace,
                Identity = rpc.Identity,
                TaskToken = activity.Task.TaskToken,
                Result = new() { Payloads_ = { info.DataConverter.PayloadConverter.ToPayload(result) } },
            };
            if (converter.PayloadCodec is { } codec)
                await PayloadWalker.EncodeAsync(codec, [request]);
        }
        catch (Exception problem)
        {
            await FailAsync(activity, info, problem, null);
            return;
        }

        await rpc.InsistAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, request, stopping);
    }

    async Task FailAsync(RunningActivity activity, ActivityInfo info, Exception problem, Payloads? unsentHeartbeat)
    {
        var request = new RespondActivityTaskFailedRequest
        {
            Namespace = rpc.Namespace,
            Identity = rpc.Identity,
            TaskToken = activity.Task.TaskToken,
            Failure = info.DataConverter.FailureConverter.ToFailure(problem, info.DataConverter.PayloadConverter),
            LastHeartbeatDetails = unsentHeartbeat,
        };
        if (converter.PayloadCodec is { } codec)
            await PayloadWalker.EncodeAsync(codec, [request]);
        await rpc.InsistAsync(WorkflowServiceMethods.RespondActivityTaskFailed, request, stopping);
    }

    async Task CancelAsync(RunningActivity activity, ActivityInfo info, IFailureDetails? details)
    {
        var request = new RespondActivityTaskCanceledRequest
        {
            Namespace = rpc.Namespace, Identity = rpc.Identity, TaskToken = activity.Task.TaskToken,
        };
        if (details is OutboundFailureDetails { Details: { Count: > 0 } values })
        {
            request.Details = new();
            request.Details.Payloads_.AddRange(info.DataConverter.PayloadConverter.ToPayloads(values));
        }

        if (converter.PayloadCodec is { } codec)
            await PayloadWalker.EncodeAsync(codec, [request]);
        await rpc.InsistAsync(WorkflowServiceMethods.RespondActivityTaskCanceled, request, stopping);
    }

    static void Deliver(RunningActivity activity, RecordActivityTaskHeartbeatResponse reply)
    {
        var reason = reply.CancelRequested ? ActivityCancelReason.CancelRequested
            : reply.ActivityReset ? ActivityCancelReason.Reset
            : reply.ActivityPaused ? ActivityCancelReason.Paused
            : ActivityCancelReason.None;
        if (reason != ActivityCancelReason.None)
        {
            activity.Cancel(
                reason,
                new() { IsCancelRequested = reply.CancelRequested, IsReset = reply.ActivityReset, IsPaused = reply.ActivityPaused });
        }
    }
}

using Google.Protobuf;
using Temporal.Engine.Stored;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Activity tasks: what workers poll, heartbeat and answer, by token or by id.</summary>
sealed class ActivityHandlers(EngineLoop loop, EngineState state)
{
    const string NotFound = "invalid activityID or activity already timed out or invoking workflow is completed";

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.PollActivityTaskQueue, Poll);
        table.Add(WorkflowServiceMethods.RecordActivityTaskHeartbeat, (request, _) => Heartbeat(request));
        table.Add(WorkflowServiceMethods.RecordActivityTaskHeartbeatById, (request, _) => Heartbeat(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskCompleted, (request, _) => Complete(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskCompletedById, (request, _) => Complete(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskFailed, (request, _) => Fail(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskFailedById, (request, _) => Fail(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskCanceled, (request, _) => Cancel(request));
        table.Add(WorkflowServiceMethods.RespondActivityTaskCanceledById, (request, _) => Cancel(request));
    }

    async ValueTask<PollActivityTaskQueueResponse> Poll(PollActivityTaskQueueRequest request, RpcServerCall call)
    {
        var answer = await Polling.Poll(
            loop, state, request.Namespace, request.TaskQueue, TaskQueueType.Activity, request.Identity, request.WorkerInstanceKey, call);
        return (PollActivityTaskQueueResponse?)answer ?? new();
    }

    /// <summary>The started activity that a call means, with its run.</summary>
    delegate (WorkflowRun Run, PendingActivity Activity) Finder(EngineTransaction tx);

    Finder ByToken(string ns, ByteString bytes)
    {
        var entry = state.Namespaces.Get(ns);
        var token = Tokens.ReadTask(entry, bytes);
        return tx => ByToken(tx, entry, token);
    }

    static (WorkflowRun Run, PendingActivity Activity) ByToken(EngineTransaction tx, NamespaceEntry ns, TaskToken token)
    {
        var run = tx.State.Workflows.GetOpen(ns, token.WorkflowId, token.RunId);
        if (!run.Activities.TryGetValue(token.ScheduledEventId, out var activity) ||
            activity.StartedTime is null || activity.Attempt != token.Attempt)
            throw Refuse.NotFound(NotFound);
        return (run, activity);
    }

    Finder ById(string ns, string workflowId, string runId, string activityId)
    {
        var entry = state.Namespaces.Get(ns);
        if (activityId.Length == 0)
            throw Refuse.Invalid("ActivityId is not set on request.");
        if (workflowId.Length == 0)
            throw Refuse.NotFound($"activity not found for ID: {activityId}");
        return tx =>
        {
            var run = tx.State.Workflows.GetOpen(entry, workflowId, runId);
            var activity = run.Activities.Values.FirstOrDefault(activity => activity.ActivityId == activityId)
                ?? throw Refuse.NotFound(
                    $"cannot find pending activity with ActivityID {activityId}, check workflow execution history for more details");
            return activity.StartedTime is null ? throw Refuse.NotFound(NotFound) : (run, activity);
        };
    }

    async ValueTask<RecordActivityTaskHeartbeatResponse> Heartbeat(RecordActivityTaskHeartbeatRequest request) =>
        await loop.RunAsync(Heartbeat(ByToken(request.Namespace, request.TaskToken), request.Details));

    async ValueTask<RecordActivityTaskHeartbeatByIdResponse> Heartbeat(RecordActivityTaskHeartbeatByIdRequest request)
    {
        var find = ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId);
        var answer = await loop.RunAsync(Heartbeat(find, request.Details));
        return new()
        {
            CancelRequested = answer.CancelRequested, ActivityPaused = answer.ActivityPaused, ActivityReset = answer.ActivityReset,
        };
    }

    static Func<EngineTransaction, RecordActivityTaskHeartbeatResponse> Heartbeat(Finder find, Payloads? details) => tx =>
    {
        var (run, activity) = find(tx);
        if (details is not null && details.CalculateSize() > HistoryLimits.BlobBytes)
        {
            ActivityRules.Fail(tx, run, activity, TooLarge("Heartbeat details exceed size limit."), activity.StartedIdentity);
            return new() { CancelRequested = true };
        }

        run.TouchSide(tx);
        activity.HeartbeatTime = tx.Now;
        activity.HeartbeatDetails = details;
        return new()
        {
            CancelRequested = activity.CancelRequested,
            ActivityPaused = activity.Paused,
            ActivityReset = activity.ResetRequested,
        };
    };

    async ValueTask<RespondActivityTaskCompletedResponse> Complete(RespondActivityTaskCompletedRequest request)
    {
        await Complete(ByToken(request.Namespace, request.TaskToken), request.Result, request.Identity);
        return new();
    }

    async ValueTask<RespondActivityTaskCompletedByIdResponse> Complete(RespondActivityTaskCompletedByIdRequest request)
    {
        await Complete(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), request.Result, request.Identity);
        return new();
    }

    Task Complete(Finder find, Payloads? result, string identity) => loop.RunAsync(tx =>
    {
        var (run, activity) = find(tx);
        if (result is not null && result.CalculateSize() > HistoryLimits.BlobBytes)
            ActivityRules.Fail(tx, run, activity, TooLarge("Complete result exceeds size limit."), identity);
        else
            ActivityRules.Complete(tx, run, activity, result, identity);
    });

    static Failure TooLarge(string message) => new()
    {
        Message = message,
        ServerFailureInfo = new() { NonRetryable = true },
    };

    async ValueTask<RespondActivityTaskFailedResponse> Fail(RespondActivityTaskFailedRequest request)
    {
        var answer = new RespondActivityTaskFailedResponse();
        var find = ByToken(request.Namespace, request.TaskToken);
        if (await Fail(find, request.Failure, request.LastHeartbeatDetails, request.Identity) is { } cut)
            answer.Failures.Add(cut);
        return answer;
    }

    async ValueTask<RespondActivityTaskFailedByIdResponse> Fail(RespondActivityTaskFailedByIdRequest request)
    {
        var find = ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId);
        var answer = new RespondActivityTaskFailedByIdResponse();
        if (await Fail(find, request.Failure, request.LastHeartbeatDetails, request.Identity) is { } cut)
            answer.Failures.Add(cut);
        return answer;
    }

    /// <summary>Gives what was made of a failure that is too large to be kept.</summary>
    async Task<Failure?> Fail(Finder find, Failure? failure, Payloads? heartbeat, string identity)
    {
        if (failure is not null && failure.FailureInfoCase != Failure.FailureInfoOneofCase.ApplicationFailureInfo)
            throw Refuse.Invalid("Failure must have ApplicationFailureInfo.");
        var cut = failure is not null && failure.CalculateSize() > HistoryLimits.BlobBytes ? Cut(failure) : null;
        await loop.RunAsync(tx =>
        {
            var (run, activity) = find(tx);
            if (heartbeat is not null)
            {
                run.TouchSide(tx);
                activity.HeartbeatDetails = heartbeat;
            }

            ActivityRules.Fail(tx, run, activity, cut ?? failure, identity);
        });
        return cut;
    }

    /// <summary>The type and the start of the message stay readable.</summary>
    static Failure Cut(Failure failure)
    {
        var kept = new Failure { ApplicationFailureInfo = new() { Type = failure.ApplicationFailureInfo.Type } };
        var room = Math.Max(0, HistoryLimits.CutFailureBytes - kept.CalculateSize());
        kept.Message = failure.Message.Length > room ? failure.Message[..room] : failure.Message;
        var cut = TooLarge("Failure exceeds size limit.");
        cut.Cause = kept;
        return cut;
    }

    async ValueTask<RespondActivityTaskCanceledResponse> Cancel(RespondActivityTaskCanceledRequest request)
    {
        await Cancel(ByToken(request.Namespace, request.TaskToken), request.Details, request.Identity);
        return new();
    }

    async ValueTask<RespondActivityTaskCanceledByIdResponse> Cancel(RespondActivityTaskCanceledByIdRequest request)
    {
        await Cancel(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), request.Details, request.Identity);
        return new();
    }

    Task Cancel(Finder find, Payloads? details, string identity) => loop.RunAsync(tx =>
    {
        var (run, activity) = find(tx);
        if (!activity.CancelRequested)
            throw Refuse.Invalid("unable to mark activity as canceled without activity being request canceled first");
        ActivityRules.Cancel(tx, run, activity, details, identity);
        WorkflowTaskRules.Wake(tx, run);
    });
}

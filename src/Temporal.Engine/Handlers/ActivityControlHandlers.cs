using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Pause, unpause, reset and options of activities: the calls by workflow, and the newer ones that name one activity.</summary>
sealed class ActivityControlHandlers(EngineLoop loop, EngineState state)
{
    const string Unknown = "Can't find pending activity with such ID. Invalid activityID or activity already completed";

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.PauseActivity, (request, _) => Pause(request));
        table.Add(WorkflowServiceMethods.PauseActivityExecution, (request, _) => Pause(request));
        table.Add(WorkflowServiceMethods.UnpauseActivity, (request, _) => Unpause(request));
        table.Add(WorkflowServiceMethods.UnpauseActivityExecution, (request, _) => Unpause(request));
        table.Add(WorkflowServiceMethods.ResetActivity, (request, _) => Reset(request));
        table.Add(WorkflowServiceMethods.ResetActivityExecution, (request, _) => Reset(request));
        table.Add(WorkflowServiceMethods.UpdateActivityOptions, (request, _) => Update(request));
        table.Add(WorkflowServiceMethods.UpdateActivityExecutionOptions, (request, _) => Update(request));
    }

    /// <summary>Does something to each activity that is meant; the last one's result.</summary>
    Task<T> Each<T>(
        string ns, WorkflowExecution? execution, string id, string type, bool all,
        Func<EngineTransaction, WorkflowRun, PendingActivity, T> act)
    {
        var entry = state.Namespaces.Get(ns);
        CheckWorkflowId(execution);
        StartValidation.CheckExecution(execution);
        return loop.RunAsync(tx =>
        {
            // Checked above.
            var run = tx.State.Workflows.GetOpen(entry, execution!.WorkflowId, execution.RunId);
            var meant = run.Activities.Values
                .Where(activity => all || (id.Length > 0 ? activity.ActivityId == id : activity.Scheduled.ActivityType.Name == type))
                .ToList();
            if (meant.Count == 0)
                throw Refuse.NotFound(Unknown);
            var result = default(T)!;
            foreach (var activity in meant)
                result = act(tx, run, activity);
            return result;
        });
    }

    static void CheckWorkflowId(WorkflowExecution? execution)
    {
        if (execution is null || execution.WorkflowId.Length == 0)
            throw Refuse.Invalid("WorkflowId is not set on request.");
    }

    Task<bool> Each(
        string ns, WorkflowExecution? execution, string id, string type, bool all,
        Action<EngineTransaction, WorkflowRun, PendingActivity> act) =>
        Each(ns, execution, id, type, all, (tx, run, activity) =>
        {
            act(tx, run, activity);
            return true;
        });

    static WorkflowExecution Of(string workflowId, string runId) => new() { WorkflowId = workflowId, RunId = runId };

    async ValueTask<PauseActivityResponse> Pause(PauseActivityRequest request)
    {
        await Each(request.Namespace, request.Execution, request.Id, request.Type, false,
            (tx, run, activity) => ActivityControlRules.Pause(tx, run, activity, request.Identity, request.Reason));
        return new();
    }

    async ValueTask<PauseActivityExecutionResponse> Pause(PauseActivityExecutionRequest request)
    {
        await Each(request.Namespace, Of(request.WorkflowId, request.RunId), request.ActivityId, "", false,
            (tx, run, activity) => ActivityControlRules.Pause(tx, run, activity, request.Identity, request.Reason));
        return new();
    }

    async ValueTask<UnpauseActivityResponse> Unpause(UnpauseActivityRequest request)
    {
        await Each(request.Namespace, request.Execution, request.Id, request.Type, request.UnpauseAll,
            (tx, run, activity) => ActivityControlRules.Unpause(tx, run, activity, request.ResetAttempts, request.ResetHeartbeat, request.Jitter));
        return new();
    }

    async ValueTask<UnpauseActivityExecutionResponse> Unpause(UnpauseActivityExecutionRequest request)
    {
        await Each(request.Namespace, Of(request.WorkflowId, request.RunId), request.ActivityId, "", false,
            (tx, run, activity) => ActivityControlRules.Unpause(tx, run, activity, false, false, request.Jitter));
        return new();
    }

    async ValueTask<ResetActivityResponse> Reset(ResetActivityRequest request)
    {
        await Each(request.Namespace, request.Execution, request.Id, request.Type, request.MatchAll,
            (tx, run, activity) => ActivityControlRules.Reset(
                tx, run, activity, request.ResetHeartbeat, request.KeepPaused, request.RestoreOriginalOptions, request.Jitter));
        return new();
    }

    async ValueTask<ResetActivityExecutionResponse> Reset(ResetActivityExecutionRequest request)
    {
        await Each(request.Namespace, Of(request.WorkflowId, request.RunId), request.ActivityId, "", false,
            (tx, run, activity) => ActivityControlRules.Reset(
                tx, run, activity, request.ResetHeartbeat, request.KeepPaused, request.RestoreOriginalOptions, request.Jitter));
        return new();
    }

    async ValueTask<UpdateActivityOptionsResponse> Update(UpdateActivityOptionsRequest request) => new()
    {
        ActivityOptions = await Update(
            request.Namespace, request.Execution, request.Id, request.Type, request.MatchAll, request.ActivityOptions, request.UpdateMask,
            request.RestoreOriginal),
    };

    async ValueTask<UpdateActivityExecutionOptionsResponse> Update(UpdateActivityExecutionOptionsRequest request) => new()
    {
        ActivityOptions = await Update(
            request.Namespace, Of(request.WorkflowId, request.RunId), request.ActivityId, "", false, request.ActivityOptions,
            request.UpdateMask,
            request.RestoreOriginal),
    };

    Task<ActivityOptions> Update(
        string ns, WorkflowExecution? execution, string id, string type, bool all, ActivityOptions? options, FieldMask? mask, bool restore)
    {
        CheckWorkflowId(execution);
        if (!restore && options is null)
            throw Refuse.Invalid("ActivityOptions are not provided");
        if (!restore && mask is null)
            throw Refuse.Invalid("UpdateMask is not provided");
        if (restore && options is not null)
            throw Refuse.Invalid("ActivityOptions cannot be set with RestoreOriginal");
        // In JSON a mask is written in camel case; here its paths are field names.
        if (mask is not null && !FieldMask.IsValid<ActivityOptions>(mask))
            throw Refuse.Invalid($"invalid update mask: {string.Join(',', mask.Paths)}");
        return Each(
            ns, execution, id, type, all, (tx, run, activity) => ActivityControlRules.Update(tx, run, activity, options, mask, restore));
    }
}

using Google.Protobuf;
using Temporal.Engine.Stored;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Histories by page, forward and backward, and the wait for what happens next.</summary>
sealed class HistoryHandlers(EngineLoop loop, EngineState state)
{
    const int PageDefault = 256;

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.GetWorkflowExecutionHistory, Get);
        table.Add(WorkflowServiceMethods.GetWorkflowExecutionHistoryReverse, GetReverse);
    }

    /// <summary>How far a run had come when it was looked at, and what tells of its next event.</summary>
    sealed record Seen(long RunKey, string RunId, long NextEventId, bool IsOpen, List<HistoryEvent> Transient, HistoryWaiter Waiter);

    async ValueTask<GetWorkflowExecutionHistoryResponse> Get(GetWorkflowExecutionHistoryRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.Execution);
        var token = Tokens.ReadHistory(request.NextPageToken);
        if (token is not null && request.Execution.RunId.Length > 0 && request.Execution.RunId != token.RunId)
            throw Refuse.Invalid("RunId in the request does not match the NextPageToken.");
        var seen = await Look(ns, request.Execution, token, request.WaitNewEvent);
        if (request.HistoryEventFilterType == HistoryEventFilterType.CloseEvent)
            return await LastEvent(ns, request, token, seen, call);
        var from = token?.NextEventId ?? 1;
        if (request.WaitNewEvent && from >= seen.NextEventId && seen.IsOpen)
        {
            await Wait(seen, Waits.ForLongPoll(call, state.Time), call);
            seen = await Look(ns, request.Execution, token, waits: false);
        }

        seen.Waiter.Leave();
        return Page(request, token, seen, from);
    }

    GetWorkflowExecutionHistoryResponse Page(GetWorkflowExecutionHistoryRequest request, HistoryToken? token, Seen seen, long from)
    {
        // The first page decides how far the pages go, so that a growing history has an end; a waiting reader follows it.
        var end = request.WaitNewEvent || token is null || token.EndEventId == 0 ? seen.NextEventId : token.EndEventId;
        var size = request.MaximumPageSize is > 0 and < PageDefault ? request.MaximumPageSize : PageDefault;
        var answer = new GetWorkflowExecutionHistoryResponse { History = new() };
        if (from < end)
            answer.History.Events.AddRange(state.Store.ReadHistory(seen.RunKey, from, end, size));
        var next = answer.History.Events.Count > 0 ? answer.History.Events[^1].EventId + 1 : from;
        var done = next >= end;
        if (done && !request.WaitNewEvent)
        {
            // Events of a task that is not in history yet are shown behind it.
            if (token is { TransientEvents.Count: > 0 })
                answer.History.Events.AddRange(token.TransientEvents);
            else if (end == seen.NextEventId)
                answer.History.Events.AddRange(seen.Transient);
            return answer;
        }

        if (!done || seen.IsOpen)
        {
            var more = new HistoryToken
            {
                RunId = seen.RunId, RunKey = seen.RunKey, NextEventId = next, EndEventId = end, Wait = request.WaitNewEvent,
            };
            if (token is not null)
                more.TransientEvents.AddRange(token.TransientEvents);
            answer.NextPageToken = more.ToByteString();
        }

        return answer;
    }

    async Task<GetWorkflowExecutionHistoryResponse> LastEvent(
        NamespaceEntry ns, GetWorkflowExecutionHistoryRequest request, HistoryToken? token, Seen seen, RpcServerCall call)
    {
        var wait = Waits.ForLongPoll(call, state.Time);
        var began = state.Time.GetTimestamp();
        while (request.WaitNewEvent && seen.IsOpen)
        {
            var left = wait - state.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await Wait(seen, left, call))
            {
                var again = new HistoryToken { RunId = seen.RunId, RunKey = seen.RunKey, NextEventId = seen.NextEventId, Wait = true };
                return new() { History = new(), NextPageToken = again.ToByteString() };
            }

            seen = await Look(
                ns, new() { WorkflowId = request.Execution.WorkflowId, RunId = token?.RunId ?? seen.RunId }, null, waits: true);
        }

        var answer = new GetWorkflowExecutionHistoryResponse { History = new() };
        if (!seen.IsOpen)
            answer.History.Events.AddRange(state.Store.ReadHistory(seen.RunKey, seen.NextEventId - 1, seen.NextEventId));
        return answer;
    }

    /// <summary>False when nothing happened in that time.</summary>
    async Task<bool> Wait(Seen seen, TimeSpan atMost, RpcServerCall call)
    {
        try
        {
            return await Waits.For(seen.Waiter.Changed, atMost, state.Time, call.Cancelled);
        }
        finally
        {
            seen.Waiter.Leave();
        }
    }

    /// <param name="waits">Whether the caller will wait for more when there is nothing new.</param>
    Task<Seen> Look(NamespaceEntry ns, WorkflowExecution execution, HistoryToken? token, bool waits) => loop.RunAsync(tx =>
    {
        var runId = token?.RunId ?? execution.RunId;
        var open = tx.State.Workflows.FindOpen(ns.Id, execution.WorkflowId);
        if (open is not null && (runId.Length == 0 || open.RunId == runId))
        {
            var waiter = new HistoryWaiter();
            if (waits)
                open.AddHistoryWaiter(waiter);
            return new Seen(open.Key, open.RunId, open.NextEventId, true, WorkflowTaskRules.TransientEvents(open, identity: ""), waiter);
        }

        var stored = tx.State.Workflows.FindStored(ns.Id, execution.WorkflowId, runId)
            ?? throw WorkflowDirectory.Missing(execution.WorkflowId, runId);
        return new Seen(stored.Key, stored.RunId, stored.NextEventId, false, [], new());
    });

    async ValueTask<GetWorkflowExecutionHistoryReverseResponse> GetReverse(
        GetWorkflowExecutionHistoryReverseRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.Execution);
        var token = Tokens.ReadHistory(request.NextPageToken);
        var seen = await Look(ns, request.Execution, token, waits: false);
        var end = token?.NextEventId ?? seen.NextEventId;
        var size = request.MaximumPageSize is > 0 and < PageDefault ? request.MaximumPageSize : PageDefault;
        var from = Math.Max(1, end - size);
        var answer = new GetWorkflowExecutionHistoryReverseResponse { History = new() };
        answer.History.Events.AddRange(state.Store.ReadHistory(seen.RunKey, from, end).Reverse());
        if (from > 1)
            answer.NextPageToken = new HistoryToken { RunId = seen.RunId, RunKey = seen.RunKey, NextEventId = from }.ToByteString();
        return answer;
    }
}

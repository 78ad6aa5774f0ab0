using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>The updates of one run that somebody waits for, and the messages about them in workflow tasks.</summary>
sealed class UpdateRegistry(WorkflowRun run)
{
    public const string AbortedByClosing = "workflow update was aborted by closing workflow";

    Dictionary<string, PendingUpdate>? _pending;

    public bool HasAny => _pending is { Count: > 0 };

    /// <summary>Whether an update waits to be given to a worker.</summary>
    public bool HasWaiting => _pending is not null && _pending.Values.Any(update => update is { IsSent: false, IsAccepted: false });

    public PendingUpdate? Find(string id)
    {
        if (_pending?.GetValueOrDefault(id) is { } found)
            return found;
        if (run.AdmittedUpdates.TryGetValue(id, out var admitted))
            return (_pending ??= [])[id] = new(id, admitted.Request) { IsInHistory = true };
        // Accepted before a restart: callers can wait for it again.
        if (!run.UpdateEvents.TryGetValue(id, out var events) || events.Completed != 0)
            return null;
        var update = new PendingUpdate(id, null) { IsAccepted = true };
        (_pending ??= [])[id] = update;
        return update;
    }

    List<PendingUpdate> Pending() => _pending is null ? [] : [.. _pending.Values];

    public PendingUpdate Admit(EngineTransaction tx, Request request)
    {
        if ((_pending?.Count ?? 0) >= HistoryLimits.UpdatesInFlight)
        {
            throw Refuse.With(
                RpcStatus.ResourceExhausted,
                $"limit on number of concurrent in-flight updates has been reached ({HistoryLimits.UpdatesInFlight})",
                new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.ConcurrentLimit, Scope = ResourceExhaustedScope.Namespace });
        }

        CheckTotals(request);
        var update = new PendingUpdate(request.Meta.UpdateId, request);
        (_pending ??= [])[update.Id] = update;
        tx.OnRollBack(() => _pending?.Remove(update.Id));
        // The task must be made for it, unless one is on its way already.
        if (run.Task is null && run.FirstTaskDue is null)
            WorkflowTaskRules.Schedule(tx, run, speculative: true);
        return update;
    }

    void CheckTotals(Request request)
    {
        var open = Pending();
        if (open.Sum(update => update.Request?.CalculateSize() ?? 0) + request.CalculateSize() >= HistoryLimits.UpdatesInFlightBytes)
        {
            throw Refuse.With(
                RpcStatus.ResourceExhausted,
                $"limit on total payload size of in-flight updates has been reached ({HistoryLimits.UpdatesInFlightBytes} bytes)",
                new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.ConcurrentLimit, Scope = ResourceExhaustedScope.Namespace });
        }

        // Accepted ones are in history already.
        if (run.UpdateEvents.Count + open.Count(update => !update.IsAccepted) >= HistoryLimits.Updates)
        {
            throw Refuse.Precondition(
                $"The limit on the total number of distinct updates in this workflow has been reached ({HistoryLimits.Updates}). " +
                "Make sure any duplicate updates share an Update ID so the server can deduplicate them, and consider rejecting updates "
                    + "that you aren't going to process. " +
                "You can also Continue-as-New to avoid this; we recommend you check Continue-as-New Suggested in your Workflow.");
        }
    }

    /// <summary>Gives the waiting updates to the worker that has just got the task.</summary>
    public void AttachTo(EngineTransaction tx, WorkflowRun run, PollWorkflowTaskQueueResponse answer)
    {
        if (run.Task is not { } task)
            return;
        _ = tx;
        foreach (var (id, admitted) in run.AdmittedUpdates)
            (_pending ??= []).TryAdd(id, new(id, admitted.Request) { IsInHistory = true });
        if (_pending is null)
            return;
        foreach (var update in _pending.Values.Where(update => !update.IsAccepted && update.Request is not null))
        {
            update.IsSent = true;
            update.SequencingEventId = task.StartedEventId - 1;
            answer.Messages.Add(new Message
            {
                Id = $"{update.Id}/request",
                ProtocolInstanceId = update.Id,
                EventId = update.SequencingEventId,
                Body = Any.Pack(update.Request),
            });
        }
    }

    public void Handle(WorkflowTaskCompletion completion, RespondWorkflowTaskCompletedRequest request, string messageId)
    {
        var message = request.Messages.FirstOrDefault(message => message.Id == messageId)
            ?? throw Bad($"ProtocolMessageCommand referenced absent message ID {messageId}");
        CheckSize(message.Body);
        if (message.Body.Is(Acceptance.Descriptor))
            Accept(completion, message, message.Body.Unpack<Acceptance>());
        else if (message.Body.Is(Response.Descriptor))
            Complete(completion, message.Body.Unpack<Response>());
        else if (message.Body.Is(Rejection.Descriptor))
            Reject(completion.Tx, message.ProtocolInstanceId, message.Body.Unpack<Rejection>().Failure);
        else
            throw Bad($"message type {message.Body.TypeUrl} is not known");
    }

    static void CheckSize(Any body)
    {
        if (body.CalculateSize() <= HistoryLimits.BlobBytes)
            return;
        var type = body.TypeUrl[(body.TypeUrl.LastIndexOf('/') + 1)..];
        throw new WorkflowTaskRefused(
            WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"Message type {type} exceeds size limit.", terminates: true);
    }

    static WorkflowTaskRefused Bad(string message) => new(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, message);

    void Accept(WorkflowTaskCompletion completion, Message message, Acceptance acceptance)
    {
        if (Find(message.ProtocolInstanceId) is not { IsAccepted: false } update)
        {
            // The registry was lost with a restart; the worker's message still holds the request.
            if (acceptance.AcceptedRequest is null || run.UpdateEvents.ContainsKey(message.ProtocolInstanceId))
                throw Bad(
                    $"update {message.ProtocolInstanceId} wasn't found on the server. This is most likely a transient error which will be "
                        + "resolved automatically by retries");
            update = new(message.ProtocolInstanceId, acceptance.AcceptedRequest);
            (_pending ??= [])[update.Id] = update;
        }

        run.Add(completion.Tx, new()
        {
            WorkflowExecutionUpdateAcceptedEventAttributes = new()
            {
                ProtocolInstanceId = update.Id,
                AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                AcceptedRequest = update.IsInHistory ? null : update.Request ?? acceptance.AcceptedRequest,
            },
        });
        update.Accept(completion.Tx);
    }

    void Complete(WorkflowTaskCompletion completion, Response response)
    {
        var id = response.Meta?.UpdateId ?? "";
        if (!run.UpdateEvents.TryGetValue(id, out var events) || events.Completed != 0)
            throw Bad($"update {id} is not accepted, or is completed already");
        if (response.Outcome is null)
            throw Bad($"outcome of update {id} is not set");
        run.Add(completion.Tx, new()
        {
            WorkflowExecutionUpdateCompletedEventAttributes = new()
            {
                Meta = response.Meta,
                AcceptedEventId = events.Accepted,
                Outcome = response.Outcome,
            },
        });
        if (_pending is not null && _pending.Remove(id, out var update))
            update.Complete(completion.Tx, response.Outcome);
    }

    void Reject(EngineTransaction tx, string id, Failure? failure)
    {
        if (_pending is not null && _pending.Remove(id, out var update))
            update.Complete(tx, new() { Failure = failure }, rejected: true);
    }

    /// <summary>Messages that no command named, and updates that the worker did not answer at all.</summary>
    public void HandleRemaining(WorkflowTaskCompletion completion, RespondWorkflowTaskCompletedRequest request, bool keepUnprocessed)
    {
        var named = request.Commands
            .Where(command => command.CommandType == CommandType.ProtocolMessage)
            .Select(command => command.ProtocolMessageCommandAttributes.MessageId)
            .ToHashSet();
        foreach (var message in request.Messages.Where(message => !named.Contains(message.Id)))
            Handle(completion, request, message.Id);
        if (keepUnprocessed || !run.IsOpen || _pending is null)
            return;
        foreach (var update in _pending.Values.Where(update => update is { IsSent: true, IsAccepted: false }).ToList())
            Reject(completion.Tx, update.Id, Unprocessed());
    }

    static Failure Unprocessed() => new()
    {
        Message =
            "Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
        Source = "Server",
        ApplicationFailureInfo = new() { Type = "UnprocessedUpdate", NonRetryable = true },
    };

    /// <summary>The next attempt gets the updates again.</summary>
    public void OnTaskTimedOut()
    {
        foreach (var update in Pending())
            update.IsSent = false;
    }

    /// <summary>The answer to the task broke a rule: what the workflow has seen must not be tried again behind the caller's back.</summary>
    public void OnTaskRefused()
    {
        foreach (var update in Pending().Where(update => update is { IsSent: true, IsAccepted: false }))
        {
            _pending!.Remove(update.Id);
            update.Fail(Refuse.With(
                RpcStatus.FailedPrecondition, "Unable to perform workflow execution update due to unexpected workflow task failure.",
                new WorkflowNotReadyFailure()));
        }
    }

    public void OnClosed(EngineTransaction tx, bool continues)
    {
        foreach (var update in Pending())
        {
            if (update.IsAccepted)
            {
                update.Complete(tx, new() { Failure = ClosedFirst() });
                continue;
            }

            var failure = continues
                ? Refuse.Closing()
                : Refuse.NotFound(AbortedByClosing);
            tx.AfterCommit(() => update.Fail(failure));
        }

        _pending = null;
    }

    public static Failure ClosedFirst() => new()
    {
        Message = "Workflow Update failed because the Workflow completed before the Update completed.",
        Source = "Server",
        ApplicationFailureInfo = new() { Type = "AcceptedUpdateCompletedWorkflow", NonRetryable = true },
    };

    public void FailAll(RpcFailure failure)
    {
        foreach (var update in Pending())
            update.Fail(failure);
        _pending = null;
    }
}

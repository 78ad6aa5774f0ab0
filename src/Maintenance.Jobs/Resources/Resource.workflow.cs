using System.Text.Json.Serialization;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Resources;

/// <summary>
/// One managed resource: an entity that lives until the resource is decommissioned. Its maintenance runs are its children, one at a time; what
/// they find out are its facts. A run that fails leaves it in need of attention and is tried again later; it never ends the entity.
/// </summary>
[Workflow(ResourceLimits.WorkflowType)]
public sealed class ResourceWorkflow
{
    ResourceState _state;
    ResourceOperation? _running;
    string? _runningId;

    // What the handlers have changed, and how much of it has been looked at.
    int _changes;
    int _seen;

    [WorkflowInit]
    public ResourceWorkflow(ResourceState start) => _state = start;

    [WorkflowRun]
    public async Task<ResourceView> RunAsync(ResourceState start)
    {
        while (!_state.IsGone)
        {
            if (IsLong)
            {
                await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
                throw Workflow.CreateContinueAsNewException((ResourceWorkflow w) => w.RunAsync(_state));
            }

            _seen = _changes;
            switch (_state.Next(Now))
            {
                case ResourceMove.Do move:
                    await DoAsync(move);
                    break;
                case ResourceMove.Wait wait:
                    await WaitAsync(wait.Until);
                    break;
            }
        }

        return Status();
    }

    /// <summary>What git says now; sent by <c>maintenance apply</c>, which also starts the entity with it.</summary>
    /// <param name="definition">All of it.</param>
    /// <param name="by">Who applied it.</param>
    [WorkflowSignal("declare")]
    public Task DeclareAsync(ResourceDefinition definition, string? by = null)
    {
        var hash = definition.Hash();
        if (hash != _state.Definition.Hash())
            Workflow.UpsertMemo(MemoUpdate.ValueSet(ResourceLimits.DeclarationMemo, hash));
        _state = _state.Declare(definition, by);
        _changes++;
        return Task.CompletedTask;
    }

    /// <summary>An order from the Temporal UI: <c>{"operation": "upgrade", "by": "ann", "reason": "…"}</c>. One that cannot be is noted by nobody.</summary>
    [WorkflowSignal("order")]
    public Task OrderAsync(ResourceOrderText order)
    {
        if (Problem(order) is null)
            Take(order);
        return Task.CompletedTask;
    }

    /// <summary>The same, answered: what the entity will do, or why it will not.</summary>
    [WorkflowUpdate("order")]
    public Task<ResourceView> OrderByUpdateAsync(ResourceOrderText order)
    {
        Take(order);
        return Task.FromResult(Status());
    }

    [WorkflowUpdateValidator(nameof(OrderByUpdateAsync))]
    public void CheckOrder(ResourceOrderText order)
    {
        if (Problem(order) is { } problem)
            throw new ApplicationFailureException(problem, "ResourceOrder", nonRetryable: true);
    }

    [WorkflowQuery("state")]
    public ResourceView Status() => ResourceView.Of(_state, _running, _runningId, Now);

    bool IsLong => Workflow.ContinueAsNewSuggested || Workflow.CurrentHistoryLength > ResourceLimits.HistoryEventsMax;

    static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    void Take(ResourceOrderText order)
    {
        _state = _state.Add(new(order.Parsed!.Value, order.By ?? "unknown", order.Reason));
        _changes++;
    }

    string? Problem(ResourceOrderText order)
    {
        if (order.Parsed is not { } operation)
            return $"'{order.Operation}' is no operation of a resource; there are {string.Join(", ", Enum.GetValues<ResourceOperation>().Select(ResourceState.Word))}.";
        if (_state.Definition.JobOf(operation) is null && operation != ResourceOperation.Decommission)
            return $"The resource '{_state.Definition.Id}' names no job for '{order.Operation}' in resources.json.";
        if (operation == ResourceOperation.Decommission && string.IsNullOrWhiteSpace(order.Reason))
            return "A resource is only decommissioned with a reason. Say why.";
        return _state.Orders.Count >= ResourceLimits.OrdersMax ? "Too many orders wait already." : null;
    }

    async Task WaitAsync(DateTimeOffset? until)
    {
        if (until is { } time)
            await Workflow.WaitConditionAsync(() => _changes != _seen, time - Now);
        else
            await Workflow.WaitConditionAsync(() => _changes != _seen);
    }

    async Task DoAsync(ResourceMove.Do move)
    {
        _state = _state.Begin(move.Order);
        var id = $"{Workflow.Info.WorkflowId}/{ResourceState.Word(move.Operation)}/{_state.Started}";
        (_running, _runningId) = (move.Operation, id);
        var result = await RunAsync(move.Operation, id, move.Order);
        (_running, _runningId) = (null, null);
        _state = _state.End(result, move.Order, Now);
    }

    async Task<ResourceResult> RunAsync(ResourceOperation operation, string id, ResourceOrder? order)
    {
        if (_state.Definition.JobOf(operation) is not { } job)
            return new(operation, id, Succeeded: true, "there is nothing to be taken away", new Dictionary<string, string>());
        var input = ResourceJson.Input(job.InputJson, _state.Facts, out var missing);
        if (missing is not null)
            return Failed($"the input of '{job.Job}' needs the fact '{missing}', which no job has found out yet");
        try
        {
            var ended = await Workflow.ExecuteChildWorkflowAsync<RunSummary>(job.Job, [input], Options(id, order?.By ?? _state.DeclaredBy));
            return new(operation, id, ended.Status == RunStatus.Succeeded, ended.Reason, ended.Outputs);
        }
        catch (Exception failed) when (failed is ChildWorkflowFailureException or WorkflowAlreadyStartedException)
        {
            return Failed((failed.InnerException ?? failed).Message);
        }

        ResourceResult Failed(string reason) => new(operation, id, Succeeded: false, reason, new Dictionary<string, string>());
    }

    /// <param name="id">Of the workflow.</param>
    /// <param name="by">Who ordered it, or applied what makes it due: this person's run needs another's approval.</param>
    static ChildWorkflowOptions Options(string id, string? by) => new()
    {
        Id = id,
        Memo = new Dictionary<string, object>
        {
            [RunMemo.Cause] = nameof(RunCause.Child).ToLowerInvariant(), [RunMemo.Depth] = "1", [RunMemo.Requester] = by ?? "resource",
        },
        // A job in the middle of its work cleans up after itself, whatever becomes of the entity.
        ParentClosePolicy = ParentClosePolicy.RequestCancel,
        CancellationType = ChildWorkflowCancellationType.WaitCancellationCompleted,
    };
}

/// <summary>An order as people write it.</summary>
public sealed record ResourceOrderText
{
    [JsonPropertyName("operation")]
    public required string Operation { get; init; }

    [JsonPropertyName("by")]
    public string? By { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    [JsonIgnore]
    public ResourceOperation? Parsed =>
        Enum.GetValues<ResourceOperation>().Where(o => ResourceState.Word(o) == Operation).Select(o => (ResourceOperation?)o).FirstOrDefault();
}

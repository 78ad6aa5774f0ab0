using System.Collections.Concurrent;
using Google.Protobuf;
using Maintenance.Jobs.Resources;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// Keeps schedules as a Temporal server does as far as the reconciler can see it, counts what is asked, and drops updates while it answers
/// OK: those with a stale token, as the real server does, and as many more as a test wants.
/// </summary>
sealed class FakeScheduleServer : IDisposable
{
    readonly ConcurrentDictionary<string, DescribeScheduleResponse> _schedules = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, WorkflowExecutionInfo> _entities = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<(string Id, SchedulePatch Patch)> _patches = [];
    readonly ConcurrentQueue<StartWorkflowExecutionRequest> _starts = [];
    readonly RpcServiceTable _table = new();
    int _done;
    readonly IDisposable _registration;

    public FakeScheduleServer()
    {
        Answer(WorkflowServiceMethods.GetSystemInfo, _ => new GetSystemInfoResponse { ServerVersion = "1.0" });
        Answer(WorkflowServiceMethods.CreateSchedule, Create);
        Answer(WorkflowServiceMethods.DescribeSchedule, request => Find(request.ScheduleId).Clone());
        Answer(WorkflowServiceMethods.UpdateSchedule, Update);
        Answer(WorkflowServiceMethods.PatchSchedule, Patch);
        Answer(WorkflowServiceMethods.DeleteSchedule, request => { _schedules.TryRemove(request.ScheduleId, out _); return new DeleteScheduleResponse(); });
        Answer(WorkflowServiceMethods.ListSchedules, List);
        Answer(WorkflowServiceMethods.ListWorkflowExecutions, request => new ListWorkflowExecutionsResponse
        {
            Executions = { _entities.Values.Where(e => request.Query.Contains($"'{e.Status}'", StringComparison.Ordinal)) },
        });
        Answer(WorkflowServiceMethods.SignalWithStartWorkflowExecution, Declare);
        Answer(WorkflowServiceMethods.StartWorkflowExecution, request => { _starts.Enqueue(request); return new StartWorkflowExecutionResponse { RunId = Guid.NewGuid().ToString() }; });
        _registration = InProcessEndpoints.Register(Address, _table);
    }

    public string Address { get; } = $"schedules-{Guid.NewGuid():N}:7233";

    /// <summary>So many updates are answered OK and forgotten.</summary>
    public int UpdatesToDrop { get; set; }

    /// <summary>What happens on the server just before an update arrives.</summary>
    public Action? BeforeUpdate { get; set; }

    /// <summary>Told of each call, by its number, once it is done and before it is answered.</summary>
    public Action<int>? Done { get; set; }

    public int Total => _done;

    public IReadOnlyCollection<string> Ids => [.. _schedules.Keys];

    public IReadOnlyList<SchedulePatch> Patches => [.. _patches.Select(p => p.Patch)];

    /// <summary>The same with the schedule that each was for.</summary>
    public IReadOnlyList<(string Id, SchedulePatch Patch)> PatchesById => [.. _patches];

    /// <summary>The workflows that somebody asked for, in order; none of them ever runs.</summary>
    public IReadOnlyList<StartWorkflowExecutionRequest> Starts => [.. _starts];

    /// <summary>Whether a schedule is paused, and its note.</summary>
    public (bool Paused, string Note) State(string id) => Find(id).Schedule.State is { } state ? (state.Paused, state.Notes) : (false, "");

    /// <summary>Calls of one kind so far.</summary>
    public int Calls(string name) => _calls.GetValueOrDefault(name);

    public int Writes => Calls("CreateSchedule") + Calls("UpdateSchedule") + Calls("DeleteSchedule");

    public void Dispose() => _registration.Dispose();

    void Answer<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, Func<TRequest, TResponse> answer)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : class, Google.Protobuf.IMessage<TResponse>, new() =>
        _table.Add(method, (request, _) =>
        {
            _calls.AddOrUpdate(method.Path[(method.Path.LastIndexOf('/') + 1)..], 1, (_, n) => n + 1);
            var answered = answer(request);
            Done?.Invoke(Interlocked.Increment(ref _done));
            return ValueTask.FromResult(answered);
        });

    CreateScheduleResponse Create(CreateScheduleRequest request)
    {
        var kept = new DescribeScheduleResponse { Schedule = request.Schedule, Memo = request.Memo, Info = new ScheduleInfo(), ConflictToken = Token(1) };
        if (!_schedules.TryAdd(request.ScheduleId, kept))
            throw new RpcFailure(RpcStatus.AlreadyExists, "schedule already exists");
        return new CreateScheduleResponse();
    }

    UpdateScheduleResponse Update(UpdateScheduleRequest request)
    {
        BeforeUpdate?.Invoke();
        var kept = Find(request.ScheduleId);
        var stale = !request.ConflictToken.IsEmpty && request.ConflictToken != kept.ConflictToken;
        if (UpdatesToDrop-- > 0 || stale)
            return new UpdateScheduleResponse();
        kept.Schedule = request.Schedule;
        kept.ConflictToken = Token(kept.ConflictToken[0] + 1);
        return new UpdateScheduleResponse();
    }

    static ByteString Token(int number) => ByteString.CopyFrom((byte)number);

    public void Complete(string resource) => _entities[ResourceLimits.WorkflowId(resource)].Status = WorkflowExecutionStatus.Completed;

    public void Pause(string id, string note)
    {
        var kept = Find(id);
        (kept.Schedule.State.Paused, kept.Schedule.State.Notes) = (true, note);
        kept.ConflictToken = Token(kept.ConflictToken[0] + 1);
    }

    PatchScheduleResponse Patch(PatchScheduleRequest request)
    {
        var kept = Find(request.ScheduleId);
        var state = kept.Schedule.State;
        _patches.Enqueue((request.ScheduleId, request.Patch));
        kept.ConflictToken = Token(kept.ConflictToken[0] + 1);
        if (request.Patch.Pause.Length > 0)
            (state.Paused, state.Notes) = (true, request.Patch.Pause);
        if (request.Patch.Unpause.Length > 0)
            (state.Paused, state.Notes) = (false, request.Patch.Unpause);
        return new PatchScheduleResponse();
    }

    ListSchedulesResponse List(ListSchedulesRequest request)
    {
        var answer = new ListSchedulesResponse();
        foreach (var (id, kept) in _schedules)
        {
            answer.Schedules.Add(new ScheduleListEntry
            {
                ScheduleId = id,
                Memo = kept.Memo,
                Info = new ScheduleListInfo { Paused = kept.Schedule.State.Paused, Notes = kept.Schedule.State.Notes, Spec = kept.Schedule.Spec },
            });
        }

        return answer;
    }

    /// <summary>An entity takes over the memo's hash when it is declared anew; what belongs to whom stays.</summary>
    SignalWithStartWorkflowExecutionResponse Declare(SignalWithStartWorkflowExecutionRequest request)
    {
        var entity = _entities.GetOrAdd(request.WorkflowId, id => new()
        {
            Execution = new() { WorkflowId = id, RunId = Guid.NewGuid().ToString() }, Memo = request.Memo, Type = request.WorkflowType, Status = WorkflowExecutionStatus.Running,
        });
        entity.Memo.Fields[ResourceLimits.DeclarationMemo] = request.Memo.Fields[ResourceLimits.DeclarationMemo];
        return new() { RunId = entity.Execution.RunId };
    }

    DescribeScheduleResponse Find(string id) =>
        _schedules.TryGetValue(id, out var found) ? found : throw new RpcFailure(RpcStatus.NotFound, "schedule not found");
}

using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Schedules;

/// <summary>The calls about schedules. What changes one goes through the loop; what reads does not.</summary>
sealed class ScheduleHandlers(EngineState state, EngineLoop loop, ScheduleDirectory directory)
{
    readonly ScheduleLists _lists = new(directory);

    DateTime Now => state.Time.GetUtcNow().UtcDateTime;

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.CreateSchedule, async (request, _) => await CreateAsync(request));
        table.Add(WorkflowServiceMethods.DescribeSchedule, (request, _) => new(Describe(request)));
        table.Add(WorkflowServiceMethods.UpdateSchedule, async (request, _) => await UpdateAsync(request));
        table.Add(WorkflowServiceMethods.PatchSchedule, async (request, _) => await PatchAsync(request));
        table.Add(WorkflowServiceMethods.DeleteSchedule, async (request, _) => await DeleteAsync(request));
        table.Add(WorkflowServiceMethods.ListScheduleMatchingTimes, (request, _) => new(MatchingTimes(request)));
        table.Add(WorkflowServiceMethods.ListSchedules, (request, _) => new(List(request)));
        table.Add(WorkflowServiceMethods.CountSchedules, (request, _) => new(Count(request)));
    }

    async Task<CreateScheduleResponse> CreateAsync(CreateScheduleRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        ScheduleValidation.CheckId(request.ScheduleId);
        if (request.RequestId.Length == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "RequestId is not set on request.");
        ScheduleValidation.CheckRequestId(request.RequestId);
        var schedule = request.Schedule?.Clone() ?? new Schedule();
        ScheduleValidation.Canonicalize(schedule);
        ScheduleValidation.CheckAction(ns, schedule.Action?.StartWorkflow);
        if (request.ScheduleId.Length == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Can't load workflow execution.  WorkflowId not set.");
        ScheduleValidation.CheckSearchAttributes(ns, request.SearchAttributes);
        ScheduleValidation.CheckState(schedule.State);
        ScheduleValidation.CheckSize(request);
        await loop.RunAsync(tx => Create(tx, ns, request, schedule));
        return new() { ConflictToken = ScheduleAnswers.Token(ScheduleRecord.FirstConflictToken) };
    }

    void Create(EngineTransaction tx, NamespaceEntry ns, CreateScheduleRequest request, Schedule schedule)
    {
        var existing = directory.Find(ns.Id, request.ScheduleId)?.Record.Definition ?? directory.FindEnded(ns.Id, request.ScheduleId);
        // The same request again, after an answer that got lost; also when the schedule is gone meanwhile.
        if (existing?.CreateRequestId == request.RequestId)
            return;
        if (existing is { DeletedTime: null })
        {
            throw RpcFailure.WithDetail(
                RpcStatus.AlreadyExists, $"schedule \"{request.ScheduleId}\" is already registered",
                new WorkflowExecutionAlreadyStartedFailure());
        }

        var record = ScheduleRecords.New(
            ns.Id, request.ScheduleId, request.RequestId, schedule, request.Memo, request.SearchAttributes, tx.Now);
        directory.Create(tx, record, machine => machine.Patch(tx.Now, request.InitialPatch ?? new()));
    }

    DescribeScheduleResponse Describe(DescribeScheduleRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        return ScheduleAnswers.Describe(View(ns, request.ScheduleId), ns, Now);
    }

    async Task<UpdateScheduleResponse> UpdateAsync(UpdateScheduleRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        ScheduleValidation.CheckRequestId(request.RequestId);
        var schedule = request.Schedule?.Clone() ?? new Schedule();
        if (schedule.Action?.StartWorkflow is null)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Only StartWorkflow action is supported for schedules");
        ScheduleValidation.CheckAction(ns, schedule.Action.StartWorkflow);
        ScheduleValidation.Canonicalize(schedule);
        ScheduleValidation.CheckSearchAttributes(ns, request.SearchAttributes);
        ScheduleValidation.CheckState(schedule.State);
        ScheduleValidation.CheckSize(request);
        if (request.Memo is not null)
            throw new RpcFailure(RpcStatus.FailedPrecondition, "memo updates are not supported on workflow-backed schedules");
        var token = ScheduleAnswers.ReadToken(request.ConflictToken);
        await loop.RunAsync(tx => Change(
            tx, ns, request.ScheduleId, request.RequestId, machine => machine.Update(tx.Now, schedule, token, request.SearchAttributes)));
        return new();
    }

    async Task<PatchScheduleResponse> PatchAsync(PatchScheduleRequest request)
    {
        if (request.Patch is null)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Patch is not set on request.");
        var ns = state.Namespaces.Get(request.Namespace);
        ScheduleValidation.CheckRequestId(request.RequestId);
        ScheduleValidation.CheckNotes(request.Patch);
        ScheduleValidation.CheckSize(request.Patch);
        await loop.RunAsync(tx => Change(tx, ns, request.ScheduleId, request.RequestId, machine => machine.Patch(tx.Now, request.Patch)));
        return new();
    }

    void Change(EngineTransaction tx, NamespaceEntry ns, string scheduleId, string requestId, Action<ScheduleMachine> change)
    {
        var entry = Entry(ns, scheduleId);
        if (entry.Record.IsRepeated(requestId))
            return;
        directory.Change(tx, entry, machine =>
        {
            machine.Record.Remember(requestId);
            change(machine);
        });
    }

    async Task<DeleteScheduleResponse> DeleteAsync(DeleteScheduleRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        await loop.RunAsync(tx => directory.End(tx, Entry(ns, request.ScheduleId)));
        return new();
    }

    ListScheduleMatchingTimesResponse MatchingTimes(ListScheduleMatchingTimesRequest request)
    {
        var view = View(state.Namespaces.Get(request.Namespace), request.ScheduleId);
        if (request.StartTime is null || request.EndTime is null)
            throw new RpcFailure(RpcStatus.InvalidArgument, "missing or invalid query");
        var response = new ListScheduleMatchingTimesResponse();
        var (after, end) = (Instants.Of(request.StartTime), Instants.Of(request.EndTime));
        try
        {
            while (response.StartTime.Count < ScheduleLimits.MatchingTimes && view.Spec.Next(after) is { } next && next.Due <= end)
            {
                response.StartTime.Add(Timestamp.FromDateTime(next.Due));
                after = next.Due;
            }
        }
        catch (SpecSearchException error)
        {
            throw new RpcFailure(RpcStatus.InvalidArgument, error.Message);
        }

        return response;
    }

    ListSchedulesResponse List(ListSchedulesRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        var (page, next) = _lists.Page(ns, request.Query, request.MaximumPageSize, request.NextPageToken);
        return new() { Schedules = { page.Select(view => ScheduleAnswers.ListEntry(view, ns, Now)) }, NextPageToken = next };
    }

    CountSchedulesResponse Count(CountSchedulesRequest request) =>
        new() { Count = _lists.Count(state.Namespaces.Get(request.Namespace), request.Query) };

    ScheduleView View(NamespaceEntry ns, string scheduleId)
    {
        if (directory.FindView(ns.Id, scheduleId) is { } view)
            return view;
        throw directory.FindEnded(ns.Id, scheduleId) is null ? NeverWas(scheduleId) : Refuse.NotFound("schedule not found");
    }

    ScheduleEntry Entry(NamespaceEntry ns, string scheduleId)
    {
        if (directory.Find(ns.Id, scheduleId) is { } entry)
            return entry;
        throw directory.FindEnded(ns.Id, scheduleId) is null ? NeverWas(scheduleId) : Refuse.AlreadyCompleted();
    }

    static RpcFailure NeverWas(string scheduleId) => scheduleId.Length == 0
        ? Refuse.Invalid("Can't load workflow execution.  WorkflowId not set.")
        : Refuse.WorkflowNotFound(ScheduleValidation.WorkflowIdPrefix + scheduleId);
}

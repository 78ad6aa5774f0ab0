using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using Schedule = Temporalio.Client.Schedules.Schedule;

namespace Temporalio.Client;

sealed partial class ServerCalls
{
    public override async Task<ScheduleHandle> CreateScheduleAsync(CreateScheduleInput input)
    {
        var converter = _client.Options.DataConverter;
        var request = new CreateScheduleRequest
        {
            Namespace = Namespace,
            ScheduleId = input.Id,
            Schedule = await input.Schedule.ToProtoAsync(converter, Namespace),
            InitialPatch = InitialPatch(input),
            Identity = Identity,
            RequestId = Guid.NewGuid().ToString(),
            Memo = await MemoValues.WriteAsync(input.Options?.Memo, converter),
            SearchAttributes = input.Options?.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
        };
        try
        {
            await CallAsync(WorkflowServiceMethods.CreateSchedule, request, input.Options?.Rpc);
        }
        catch (RpcException error) when (error.Code == RpcException.StatusCode.AlreadyExists)
        {
            throw new ScheduleAlreadyRunningException();
        }

        return new(_client, input.Id);
    }

    public override async Task<ScheduleDescription> DescribeScheduleAsync(DescribeScheduleInput input)
    {
        var request = new DescribeScheduleRequest { Namespace = Namespace, ScheduleId = input.Id };
        var response = await CallAsync(WorkflowServiceMethods.DescribeSchedule, request, input.RpcOptions);
        var converter = _client.Options.DataConverter;
        return new(input.Id, Schedule.FromProto(response.Schedule, converter, Namespace), response, converter);
    }

    public override async Task UpdateScheduleAsync(UpdateScheduleInput input)
    {
        var description = await _client.OutboundInterceptor.DescribeScheduleAsync(new(input.Id, input.RpcOptions));
        if (await input.Updater(new(description)) is not { } update)
            return;

        // No conflict token: the server would answer OK and drop an update whose token is stale.
        var request = new UpdateScheduleRequest
        {
            Namespace = Namespace,
            ScheduleId = input.Id,
            Schedule = await update.Schedule.ToProtoAsync(_client.Options.DataConverter, Namespace),
            Identity = Identity,
            RequestId = Guid.NewGuid().ToString(),
            SearchAttributes = update.TypedSearchAttributes?.ToProto(),
        };
        await CallAsync(WorkflowServiceMethods.UpdateSchedule, request, input.RpcOptions);
    }

    public override Task DeleteScheduleAsync(DeleteScheduleInput input) =>
        CallAsync(
            WorkflowServiceMethods.DeleteSchedule,
            new() { Namespace = Namespace, ScheduleId = input.Id, Identity = Identity },
            input.RpcOptions);

    public override Task BackfillScheduleAsync(BackfillScheduleInput input) =>
        PatchAsync(
            input.Id,
            new() { BackfillRequest = { input.Backfills.Select(backfill => backfill.ToProto()) } },
            input.RpcOptions);

    public override Task PauseScheduleAsync(PauseScheduleInput input) =>
        PatchAsync(input.Id, new() { Pause = input.Note ?? "Paused via .NET SDK" }, input.RpcOptions);

    public override Task UnpauseScheduleAsync(UnpauseScheduleInput input) =>
        PatchAsync(input.Id, new() { Unpause = input.Note ?? "Unpaused via .NET SDK" }, input.RpcOptions);

    public override Task TriggerScheduleAsync(TriggerScheduleInput input) =>
        PatchAsync(
            input.Id,
            new() { TriggerImmediately = new() { OverlapPolicy = input.Options?.Overlap ?? default } },
            input.Options?.Rpc);

    public override IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ListSchedulesInput input) =>
        SchedulesAsync(input, CancellationToken.None);

    async IAsyncEnumerable<ScheduleListDescription> SchedulesAsync(
        ListSchedulesInput input,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rpc, both) = TemporalClient.DefaultRetryOptions(input.Options?.Rpc)
            .WithAdditionalCancellationToken(cancellationToken);
        using var disposed = both;
        var token = ByteString.Empty;
        do
        {
            var request = new ListSchedulesRequest
            {
                Namespace = Namespace,
                Query = input.Options?.Query ?? string.Empty,
                NextPageToken = token,
            };
            var page = await CallAsync(WorkflowServiceMethods.ListSchedules, request, rpc);
            foreach (var entry in page.Schedules)
                yield return new(entry, _client.Options.DataConverter);
            token = page.NextPageToken;
        }
        while (!token.IsEmpty);
    }

    static SchedulePatch? InitialPatch(CreateScheduleInput input)
    {
        if (input.Options is not { } options || (!options.TriggerImmediately && options.Backfills.Count == 0))
            return null;

        return new()
        {
            TriggerImmediately = options.TriggerImmediately ? new() { OverlapPolicy = input.Schedule.Policy.Overlap } : null,
            BackfillRequest = { options.Backfills.Select(backfill => backfill.ToProto()) },
        };
    }

    Task<PatchScheduleResponse> PatchAsync(string id, SchedulePatch patch, RpcOptions? options) =>
        CallAsync(
            WorkflowServiceMethods.PatchSchedule,
            new()
            {
                Namespace = Namespace,
                ScheduleId = id,
                Patch = patch,
                Identity = Identity,
                RequestId = Guid.NewGuid().ToString(),
            },
            options);
}

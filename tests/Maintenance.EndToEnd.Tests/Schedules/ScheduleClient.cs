using System.Text;
using Temporal.Protocol;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>The schedules of a running engine, as any other Temporal client sees them.</summary>
sealed class ScheduleClient(string address) : IAsyncDisposable
{
    static readonly RpcCallOptions Options = new() { Timeout = TimeSpan.FromSeconds(30) };

    readonly RpcChannel _channel = RpcChannel.Connect(new() { Address = address });

    public async Task<IReadOnlyDictionary<string, ScheduleListInfo>> ListAsync()
    {
        var found = new Dictionary<string, ScheduleListInfo>(StringComparer.Ordinal);
        var request = new ListSchedulesRequest { Namespace = "default", MaximumPageSize = 1000 };
        do
        {
            var page = await _channel.CallAsync(WorkflowServiceMethods.ListSchedules, request, Options, CancellationToken.None);
            foreach (var entry in page.Schedules)
                found[entry.ScheduleId] = entry.Info;
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);

        return found;
    }

    public Task<DescribeScheduleResponse> DescribeAsync(string id) => _channel.CallAsync(
        WorkflowServiceMethods.DescribeSchedule, new() { Namespace = "default", ScheduleId = id }, Options, CancellationToken.None);

    public Task PauseAsync(string id, string note) => _channel.CallAsync(
        WorkflowServiceMethods.PatchSchedule,
        new() { Namespace = "default", ScheduleId = id, Patch = new() { Pause = note }, RequestId = Guid.NewGuid().ToString() }, Options, CancellationToken.None);

    /// <summary>Makes a schedule that Maintenance knows nothing of.</summary>
    public Task CreateAsync(string id) => _channel.CallAsync(
        WorkflowServiceMethods.CreateSchedule,
        new()
        {
            Namespace = "default", ScheduleId = id, RequestId = id,
            Schedule = new()
            {
                Spec = new() { CronString = { "0 5 29 2 *" } },
                Action = new() { StartWorkflow = new() { WorkflowId = id, WorkflowType = new() { Name = "none" }, TaskQueue = new() { Name = "none" } } },
            },
        },
        Options, CancellationToken.None);

    /// <summary>A text of the action's memo; null when it has none of that name.</summary>
    public static string? Memo(Schedule schedule, string name) =>
        schedule.Action.StartWorkflow.Memo?.Fields.TryGetValue(name, out var value) == true ? Encoding.UTF8.GetString(value.Data.Span).Trim('"') : null;

    public ValueTask DisposeAsync() => _channel.DisposeAsync();
}

using Maintenance.Schedules;
using Temporalio.Client;

namespace Maintenance.Host.Reconcile;

/// <summary>Asks the server about one schedule: only for due times that have no run, which are few.</summary>
sealed class ServerLook(ITemporalClient client)
{
    const int StartedMax = 10_000;

    public async Task<ServerView> AtAsync(string scheduleId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (await Planner.DescribeAsync(client, scheduleId, cancellationToken) is not { } description)
            return new ServerView();
        var started = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var query = $"TemporalScheduledById = '{scheduleId}' AND StartTime >= '{Instants.Format(since)}'";
        await foreach (var run in client.ListWorkflowsAsync(query, new() { Rpc = Planner.Rpc(cancellationToken), Limit = StartedMax }))
            started[run.Id] = new DateTimeOffset(DateTime.SpecifyKind(run.StartTime, DateTimeKind.Utc));
        return new ServerView
        {
            Exists = true,
            Paused = description.Schedule.State.Paused,
            Note = description.Schedule.State.Note,
            Since = Planner.SinceOf(description),
            Started = started,
        };
    }
}

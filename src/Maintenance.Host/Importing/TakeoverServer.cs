using Maintenance.Host.Reconcile;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>
/// The server's side of a takeover: a pause that is there because cron still runs the line comes and goes at once, and not with the next
/// apply.
/// </summary>
sealed class TakeoverServer(ITemporalClient client, string installation)
{
    /// <summary>A pause of an operator stays, and so does a schedule that was not applied yet.</summary>
    public async Task ResumeAsync(string id, CancellationToken stop)
    {
        if (await OursAsync(id, stop) is { Paused: true, Note: ImportWriter.PausedReason })
            await client.GetScheduleHandle(id).UnpauseAsync("taken over from cron", Planner.Rpc(stop));
    }

    public async Task PauseAsync(string id, CancellationToken stop)
    {
        if (await OursAsync(id, stop) is { Paused: false })
            await client.GetScheduleHandle(id).PauseAsync(ImportWriter.PausedReason, Planner.Rpc(stop));
    }

    async Task<ScheduleState?> OursAsync(string id, CancellationToken stop) =>
        await Planner.DescribeAsync(client, id, stop) is { } description && await ScheduleOwner.OfAsync(description) == installation
            ? description.Schedule.State
            : null;
}

using System.Text.Json;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>Reads the schedules of a server for <c>export</c>: each with its entry, or with all the reasons why it has none.</summary>
sealed class ServerExport(ITemporalClient client, HostSettings settings, ReconcilerOptions options)
{
    /// <summary>Ids of all schedules that are not this installation's, in order.</summary>
    public async Task<IReadOnlyList<string>> ForeignAsync(CancellationToken stop)
    {
        var ids = new List<string>();
        await foreach (var entry in client.ListSchedulesAsync(new ScheduleListOptions { Rpc = Planner.Rpc(stop) }).WithCancellation(stop))
            ids.Add(entry.Id);
        var foreign = new List<string>();
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (await Planner.DescribeAsync(client, id, stop) is { } description
                && await ScheduleOwner.OfAsync(description) != options.Installation)
                foreign.Add(id);
        }

        return foreign;
    }

    /// <summary>Null when the server has no such schedule.</summary>
    public async Task<ExportedSchedule?> OfAsync(string id, CancellationToken stop)
    {
        if (await Planner.DescribeAsync(client, id, stop) is not { } description)
            return null;
        var raw = await client.WorkflowService.DescribeScheduleAsync(
            new DescribeScheduleRequest { Namespace = client.Options.Namespace, ScheduleId = id }, Planner.Rpc(stop));
        var exported = await ScheduleExport.OfAsync(description, options.TaskQueue);
        var (refusals, notes) = ExportLosses.Raw(raw);
        return exported with
        {
            Refusals = [.. exported.Refusals, .. refusals, .. Misfits(exported)],
            Notes = [.. exported.Notes, .. notes, .. await OwnerAsync(description)],
        };
    }

    async Task<IEnumerable<string>> OwnerAsync(ScheduleDescription description) =>
        await ScheduleOwner.OfAsync(description) is { } owner && owner != options.Installation
            ? [$"it belongs to installation '{owner}', which will say so until it no longer has it in its own file"]
            : [];

    /// <summary>Why the entry would be refused among the files as they are.</summary>
    IEnumerable<string> Misfits(ExportedSchedule exported)
    {
        if (exported.Schedule is not { } schedule)
            return [];
        var jobs = JobFolder.List(settings.JobsDirectory);
        if (!jobs.Contains(schedule.Job))
            return [
                $"it starts the workflow '{schedule.Job}', and there is no job of that name; make one (`maintenance job "
                    + $"new {schedule.Job}`), or leave it on the server",
            ];
        var job = JobFolder.Read(settings.JobsDirectory, schedule.Job);
        if (!job.Ok)
            return [$"its job '{schedule.Job}' has problems; `maintenance validate` lists them"];
        using var input = JsonDocument.Parse(schedule.InputJson);
        return
        [
            // What is paused may wait for its input.
            .. schedule.PausedReason is null
                ? InputBinding.Bind(job.Value.Definition, input.RootElement).Problems.Select(p => $"its input does not fit the job: {p}")
                : [],
            .. SpecCompiler.Compile(schedule, TimeProvider.System.GetUtcNow()).Problem is { } problem ? [problem] : (string[])[],
        ];
    }
}

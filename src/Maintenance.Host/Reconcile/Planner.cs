using System.Collections.Concurrent;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Compares the files with the server. The quick way trusts our own record of what was applied and needs one list call; with
/// <c>drift</c> every schedule is described and compared, so that changes made behind our back are found.
/// </summary>
sealed class Planner(ITemporalClient client, IRunStore store, ReconcilerOptions options, TimeProvider time)
{
    /// <summary>How far ahead a plan looks.</summary>
    public const int EffectDays = 90;

    public async Task<ReconcilePlan> PlanAsync(DesiredState desired, bool drift, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(cancellationToken);
        var recorded = await store.ListAppliedSchedulesAsync(options.Installation, cancellationToken);
        var applied = recorded.ToDictionary(a => a.ScheduleId, StringComparer.Ordinal);
        var changes = new ConcurrentDictionary<string, ScheduleChange>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            desired.Schedules,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken },
            async (schedule, token) => changes[schedule.Schedule.Id] = await ChangeAsync(schedule, listed, drift ? null : applied, token));

        var ids = desired.Schedules.Select(s => s.Schedule.Id).ToHashSet(StringComparer.Ordinal);
        var deletes = listed.Values.Where(l => l.Ours && !ids.Contains(l.Id)).OrderBy(l => l.Id, StringComparer.Ordinal)
            .Select(l => new ScheduleChange(ChangeKind.Delete, l.Id, null, ["it is no longer in the file"]) { Paused = l.Paused, Note = l.Note });
        var all = desired.Schedules.Select(s => changes[s.Schedule.Id]).Concat(deletes).Select(c => WithEffect(c, applied.GetValueOrDefault(c.Id)));
        return await WithJobsAsync(new ReconcilePlan(desired, [.. all], []), cancellationToken);
    }

    ScheduleChange WithEffect(ScheduleChange change, AppliedSchedule? applied)
    {
        if (change.Kind is ChangeKind.Unchanged or ChangeKind.Refused)
            return change;
        var before = applied is null ? null : ScheduleFile.ReadResolved(applied.SourceJson).Value;
        var from = time.GetUtcNow();
        return change with { Effect = DueTimeChanges.Between(before, change.Desired?.Schedule, from, from.AddDays(EffectDays)) };
    }

    async Task<ReconcilePlan> WithJobsAsync(ReconcilePlan plan, CancellationToken cancellationToken)
    {
        var current = (await store.ListJobsAsync(cancellationToken)).ToDictionary(j => j.Job, j => j.Hash, StringComparer.Ordinal);
        var wanted = plan.Desired.Jobs.ToDictionary(j => j.Name, j => j.Bundle.Hash, StringComparer.Ordinal);
        return plan with
        {
            JobsRemoved = [.. current.Keys.Where(j => !wanted.ContainsKey(j)).Order(StringComparer.Ordinal)],
            JobsChanged = [.. wanted.Where(j => current.GetValueOrDefault(j.Key) != j.Value).Select(j => j.Key).Order(StringComparer.Ordinal)],
        };
    }

    async Task<ScheduleChange> ChangeAsync(
        DesiredSchedule desired, Dictionary<string, Listed> listed, Dictionary<string, AppliedSchedule>? applied, CancellationToken cancellationToken)
    {
        var id = desired.Schedule.Id;
        var content = await ContentHash.OfAsync(TemporalSchedules.ToTemporal(desired, options));
        if (listed.TryGetValue(id, out var entry) && entry.Ours && applied?.GetValueOrDefault(id)?.ContentHash == content)
            return new ScheduleChange(ChangeKind.Unchanged, id, desired, []) { Paused = entry.Paused, Note = entry.Note, Recorded = true };

        // The list may lag behind on a real server, so that absence in it proves nothing.
        if (await DescribeAsync(client, id, cancellationToken) is not { } description)
            return new ScheduleChange(ChangeKind.Create, id, desired, []);
        if (await OwnerAsync(description) != options.Installation)
            return new ScheduleChange(ChangeKind.Refused, id, desired, [await RefusalAsync(description)]);

        var differences = await DifferencesAsync(desired, description.Schedule);
        return new ScheduleChange(differences.Count == 0 ? ChangeKind.Unchanged : ChangeKind.Update, id, desired, differences)
        {
            Paused = description.Schedule.State.Paused,
            Note = description.Schedule.State.Note,
        };
    }

    async Task<IReadOnlyList<string>> DifferencesAsync(DesiredSchedule desired, Temporalio.Client.Schedules.Schedule actual)
    {
        var wanted = (await TemporalSchedules.CanonicalAsync(TemporalSchedules.ToTemporal(desired, options))).Split('\n');
        var found = (await TemporalSchedules.CanonicalAsync(actual)).Split('\n');
        return [.. wanted.Except(found).Select(l => $"+ {l}"), .. found.Except(wanted).Select(l => $"- {l}")];
    }

    sealed record Listed(string Id, bool Ours, bool Paused, string? Note);

    async Task<Dictionary<string, Listed>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Listed>(StringComparer.Ordinal);
        await foreach (var entry in client.ListSchedulesAsync(new ScheduleListOptions { Rpc = Rpc(cancellationToken) }).WithCancellation(cancellationToken))
        {
            var owner = entry.Memo.TryGetValue(RunMemo.Installation, out var raw) ? await TemporalSchedules.TryTextAsync(raw) : null;
            found[entry.Id] = new Listed(
                entry.Id, owner == options.Installation, entry.Schedule?.State.Paused ?? false,
                entry.Schedule?.State.Note);
        }

        return found;
    }

    /// <summary>Null when there is no such schedule.</summary>
    internal static async Task<ScheduleDescription?> DescribeAsync(ITemporalClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetScheduleHandle(id).DescribeAsync(Rpc(cancellationToken));
        }
        catch (RpcException missing) when (missing.Code == RpcException.StatusCode.NotFound)
        {
            return null;
        }
    }

    internal static async Task<string?> OwnerAsync(ScheduleDescription description) =>
        description.Memo.TryGetValue(RunMemo.Installation, out var raw) ? await TemporalSchedules.TryTextAsync(raw) : null;

    internal static RpcOptions Rpc(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };

    static async Task<string> RefusalAsync(ScheduleDescription description) => await OwnerAsync(description) is { } owner
        ? $"a schedule '{description.Id}' exists on the server and belongs to installation '{owner}'; rename yours, or delete that one first"
        : $"a schedule '{description.Id}' exists on the server and was not made by Maintenance; rename yours, or delete that one first";
}

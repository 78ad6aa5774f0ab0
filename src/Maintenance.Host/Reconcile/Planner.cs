using Maintenance.Jobs.Approvals;
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
sealed class Planner(ITemporalClient client, IRunStore store, ReconcilerOptions options)
{
    public async Task<ReconcilePlan> PlanAsync(DesiredState desired, bool drift, CancellationToken cancellationToken)
    {
        // What the server, the records and the files have to say is asked at the same time: with many schedules each has much to say.
        var listing = ListAsync(cancellationToken);
        var wanting = Task.Run(() => WantedAsync(desired), cancellationToken);
        var recording = store.ListAppliedSchedulesAsync(options.Installation, cancellationToken);
        await Task.WhenAll(listing, wanting, recording);
        var (listed, wanted) = (await listing, await wanting);
        var applied = (await recording).ToDictionary(a => a.ScheduleId, StringComparer.Ordinal);
        var changes = new ScheduleChange[desired.Schedules.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, changes.Length),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken },
            async (i, token) => changes[i] = await ChangeAsync(desired.Schedules[i], wanted[i], listed, applied, drift, token));

        var deletes = await DeletesAsync(desired, listed, applied, cancellationToken);
        var entities = new ResourceEntities(client, options.Installation, options.AppliedBy);
        var (resources, left) = await entities.PlanAsync(desired.Resources, cancellationToken);
        var plan = new ReconcilePlan(desired, [.. changes, .. deletes]) { Resources = resources, ResourcesLeft = left };
        return await WithJobsAsync(plan, cancellationToken);
    }

    /// <summary>Ours that the file no longer has. The list shows a schedule's first owner only, so those that were adopted, by us or from us, are looked at.</summary>
    async Task<IReadOnlyList<ScheduleChange>> DeletesAsync(
        DesiredState desired, Dictionary<string, Listed> listed, Dictionary<string, AppliedSchedule> applied, CancellationToken cancellationToken)
    {
        var ids = desired.Schedules.Select(s => s.Schedule.Id).ToHashSet(StringComparer.Ordinal);
        var deletes = new List<ScheduleChange>();
        foreach (var entry in listed.Values.Where(l => !ids.Contains(l.Id) && (l.Ours || applied.ContainsKey(l.Id))).OrderBy(l => l.Id, StringComparer.Ordinal))
        {
            var (ours, recorded) = (entry.Ours, applied.GetValueOrDefault(entry.Id));
            if (!ours || recorded is null)
            {
                ours = await DescribeAsync(client, entry.Id, cancellationToken) is { } description && await ScheduleOwner.OfAsync(description) == options.Installation;
                if (!ours && recorded is null)
                    continue;
            }

            deletes.Add(new ScheduleChange(
                ChangeKind.Delete, entry.Id, null, [ours ? "it is no longer in the file" : "it is no longer in the file, and somebody else's on the server, where it stays"])
            {
                Paused = entry.Paused, Note = entry.Note, Applied = recorded,
            });
        }

        // A record without a schedule is what an apply leaves that was cut off between the two.
        deletes.AddRange(applied.Values.Where(a => !ids.Contains(a.ScheduleId) && !listed.ContainsKey(a.ScheduleId)).OrderBy(a => a.ScheduleId, StringComparer.Ordinal)
            .Select(a => new ScheduleChange(ChangeKind.Delete, a.ScheduleId, null, ["it is no longer in the file"]) { Applied = a }));
        return deletes;
    }

    async Task<ReconcilePlan> WithJobsAsync(ReconcilePlan plan, CancellationToken cancellationToken)
    {
        var current = (await store.ListJobsAsync(cancellationToken)).ToDictionary(j => j.Job, j => j.Hash, StringComparer.Ordinal);
        var changed = new List<JobChange>();
        foreach (var job in plan.Desired.Jobs.Where(j => current.GetValueOrDefault(j.Name) != j.Bundle.Hash).OrderBy(j => j.Name, StringComparer.Ordinal))
        {
            var before = current.GetValueOrDefault(job.Name);
            var stored = before is null ? null : await store.GetBundleAsync(before, cancellationToken);
            changed.Add(new JobChange(job.Name, before, job.Bundle.Hash, BundleFiles.Changes(stored, job.Source.Files)));
        }

        var wanted = plan.Desired.Jobs.Select(j => j.Name).ToHashSet(StringComparer.Ordinal);
        return plan with
        {
            JobsChanged = changed,
            JobsRemoved = [.. current.Keys.Where(j => !wanted.Contains(j)).Order(StringComparer.Ordinal)],
            PeopleChanged = await PeopleAsync(plan.Desired, cancellationToken),
        };
    }

    async Task<PeopleChange?> PeopleAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        var before = (await store.GetPeopleAsync(cancellationToken))?.Hash;
        if (desired.People is null && before is null)
            return null;
        var content = desired.People ?? PeopleReader.Empty;
        return PeopleRecord.HashOf(content) is var after && after != before ? new PeopleChange(before, after, content) : null;
    }

    /// <summary>What the server should have, as canonical texts.</summary>
    async Task<string[]> WantedAsync(DesiredState desired)
    {
        var wanted = new string[desired.Schedules.Count];
        for (var i = 0; i < wanted.Length; i++)
            wanted[i] = await TemporalSchedules.CanonicalAsync(TemporalSchedules.ToTemporal(desired.Schedules[i], options));
        return wanted;
    }

    async Task<ScheduleChange> ChangeAsync(
        DesiredSchedule desired, string wanted, Dictionary<string, Listed> listed, Dictionary<string, AppliedSchedule> applied, bool drift,
        CancellationToken cancellationToken)
    {
        var id = desired.Schedule.Id;
        var change = new ScheduleChange(ChangeKind.Unchanged, id, desired, [])
        {
            ContentHash = ContentHash.Of(wanted), Applied = applied.GetValueOrDefault(id),
        };
        var recorded = change.Applied?.ContentHash == change.ContentHash;
        if (!drift && recorded && listed.TryGetValue(id, out var entry) && entry.Ours)
            return change with { Paused = entry.Paused, Note = entry.Note, Recorded = true };

        // The list may lag behind on a real server, so that absence in it proves nothing.
        if (await DescribeAsync(client, id, cancellationToken) is not { } description)
            return change with { Kind = ChangeKind.Create };
        var owner = await ScheduleOwner.OfAsync(description);
        if (owner != options.Installation && !options.Adopt.Contains(id))
            return change with { Kind = ChangeKind.Refused, Differences = [Refusal(id, owner)] };

        var differences = await DifferencesAsync(wanted, description.Schedule);
        if (owner != options.Installation)
            change = await AdoptedAsync(change, description, owner);
        return change with
        {
            Kind = differences.Count == 0 ? ChangeKind.Unchanged : ChangeKind.Update,
            Differences = [.. change.Differences, .. differences],
            Recorded = differences.Count == 0 && recorded,
            Paused = description.Schedule.State.Paused,
            Note = description.Schedule.State.Note,
            ServerSince = SinceOf(description),
        };
    }

    async Task<ScheduleChange> AdoptedAsync(ScheduleChange change, ScheduleDescription description, string? owner)
    {
        var found = await ScheduleExport.OfAsync(description, options.TaskQueue);
        var state = description.Schedule.State;
        return change with
        {
            Adopted = true,
            Found = found.Schedule,
            Differences =
            [
                $"+ owner={options.Installation}",
                $"- owner={owner ?? "(nobody of Maintenance)"}",
                .. state.LimitedActions ? [$"- ends after={state.RemainingActions} runs"] : (string[])[],
            ],
        };
    }

    /// <summary>Since when the server has a schedule as it is now; null when it does not say.</summary>
    internal static DateTimeOffset? SinceOf(ScheduleDescription description) =>
        (description.Info.LastUpdatedAt ?? description.Info.CreatedAt) is var since && since > DateTime.UnixEpoch
            ? new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc))
            : null;

    static async Task<IReadOnlyList<string>> DifferencesAsync(string wantedText, Temporalio.Client.Schedules.Schedule actual)
    {
        var wanted = wantedText.Split('\n');
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

    internal static RpcOptions Rpc(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };

    static string Refusal(string id, string? owner) =>
        $"a schedule '{id}' exists on the server and {(owner is null ? "was not made by Maintenance" : $"belongs to installation '{owner}'")}; "
        + $"rename yours, delete that one first, or make it yours (`maintenance export {id}` shows it, `maintenance plan --adopt {id}` what would change)";
}

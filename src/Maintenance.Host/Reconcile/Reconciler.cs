using System.Text.Json;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Makes the server do what the files say. It does what the plan lists and nothing else, in an order that can be cut off anywhere: bundles first, because
/// schedules point to them; then creates and updates; deletes last. Applying again finishes what was cut off and changes nothing otherwise.
/// </summary>
/// <remarks>
/// What an operator did stays: a pause and its note are kept unless they are the file's own, and an update replaces the whole schedule on
/// the server, so the state goes back as it was read. A server answers OK to an update that it drops, which is why each one is read back.
/// </remarks>
sealed class Reconciler(ITemporalClient client, IRunStore store, ReconcilerOptions options, TimeProvider time)
{
    const int UpdateAttemptsMax = 5;

    public Task<ReconcilePlan> PlanAsync(DesiredState desired, bool drift, CancellationToken cancellationToken) =>
        new Planner(client, store, options).PlanAsync(desired, drift, cancellationToken);

    /// <exception cref="ReconcileRefusedException">A schedule of ours would have to replace somebody else's; nothing was changed.</exception>
    public async Task ApplyAsync(ReconcilePlan plan, CancellationToken cancellationToken)
    {
        if (plan.HasRefused)
            throw new ReconcileRefusedException(string.Join("\n", plan.Refusals));

        await PublishAsync(plan, cancellationToken);
        var held = await HeldAsync(cancellationToken);
        await Parallel.ForEachAsync(
            plan.Changes.Where(c => c.Desired is not null && !c.Recorded),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken },
            async (change, token) => await ApplyAsync(change, held.GetValueOrDefault(change.Id), token));
        var resources = new ResourceEntities(client, options.Installation, options.AppliedBy);
        foreach (var change in plan.Resources.Where(r => r.Changes))
            await resources.DeclareAsync(change.Desired, cancellationToken);
        foreach (var change in plan.Of(ChangeKind.Delete))
            await DeleteAsync(change.Id, cancellationToken);
        foreach (var job in plan.JobsRemoved)
            await store.RemoveJobAsync(job, cancellationToken);
        if (plan.HasChanges)
            await AuditAsync(plan, cancellationToken);
    }

    async Task PublishAsync(ReconcilePlan plan, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (plan.PeopleChanged is { } people)
            await store.PutPeopleAsync(
                new PeopleRecord { Hash = people.HashAfter, Content = people.Content, GitCommit = options.GitCommit, AppliedAt = now, AppliedBy = options.AppliedBy }, cancellationToken);
        foreach (var job in plan.JobsChanged.Select(change => plan.Desired.Jobs.First(job => job.Name == change.Job)))
        {
            await store.PutBundleAsync(job.Bundle.ToRecord(job.Name, options.GitCommit, now), cancellationToken);
            await store.SetCurrentBundleAsync(
                new CurrentBundle { Job = job.Name, Hash = job.Bundle.Hash, GitCommit = options.GitCommit, SetAt = now, SetBy = options.AppliedBy }, cancellationToken);
        }
    }

    async Task ApplyAsync(ScheduleChange change, string? held, CancellationToken cancellationToken)
    {
        var desired = change.Desired ?? throw new InvalidOperationException($"the change of {change.Id} has no desired schedule");
        var wanted = TemporalSchedules.ToTemporal(desired, options);
        var since = change.Kind switch
        {
            ChangeKind.Create when await TryCreateAsync(desired, wanted, held, cancellationToken) => time.GetUtcNow(),
            ChangeKind.Create or ChangeKind.Update => await UpdateAsync(desired, wanted, change.ContentHash, cancellationToken),
            _ => change.ServerSince ?? time.GetUtcNow(),
        };
        await RecordAsync(desired, change.ContentHash, since, cancellationToken);
    }

    /// <summary>False when somebody was faster (another apply of this installation); then it is an update.</summary>
    async Task<bool> TryCreateAsync(
        DesiredSchedule desired, Temporalio.Client.Schedules.Schedule wanted, string? held, CancellationToken cancellationToken)
    {
        var paused = desired.Schedule.PausedReason ?? held;
        var schedule = wanted with { State = new ScheduleState { Paused = paused is not null, Note = paused } };
        var create = new ScheduleOptions
        {
            Memo = new Dictionary<string, object> { [RunMemo.Installation] = options.Installation },
            Rpc = Planner.Rpc(cancellationToken),
        };
        try
        {
            await client.CreateScheduleAsync(desired.Schedule.Id, schedule, create);
            return true;
        }
        catch (ScheduleAlreadyRunningException)
        {
            return false;
        }
    }

    /// <summary>The notes of operators' pauses that are still open: a schedule that was deleted and comes back comes back paused.</summary>
    async Task<IReadOnlyDictionary<string, string>> HeldAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var held = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var hold in await store.ListHoldsAsync(new() { Installation = options.Installation }, cancellationToken))
        {
            if (hold.Kind != HoldKind.RunAt && !(hold.Until <= now))
                held[hold.ScheduleId] = HoldText.Note(hold);
        }

        return held;
    }

    /// <returns>Since when the server has it.</returns>
    async Task<DateTimeOffset> UpdateAsync(
        DesiredSchedule desired, Temporalio.Client.Schedules.Schedule wanted, string contentHash, CancellationToken cancellationToken)
    {
        var updates = new ScheduleUpdates(client, options);
        for (var attempt = 1; attempt <= UpdateAttemptsMax; attempt++)
        {
            await updates.SendAsync(desired, wanted, cancellationToken);
            var found = await client.GetScheduleHandle(desired.Schedule.Id).DescribeAsync(Planner.Rpc(cancellationToken));
            if (await ContentHash.OfAsync(found.Schedule) == contentHash)
                return Planner.SinceOf(found) ?? time.GetUtcNow();
        }

        throw new InvalidOperationException(
            $"The server took {UpdateAttemptsMax} updates of schedule '{desired.Schedule.Id}' and kept none of them. Look at it with `maintenance plan --drift`; apply can be repeated.");
    }

    async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        // Looked at once more: between plan and apply it may have become somebody else's.
        if (await Planner.DescribeAsync(client, id, cancellationToken) is { } description && await ScheduleOwner.OfAsync(description) == options.Installation)
            await client.GetScheduleHandle(id).DeleteAsync(Planner.Rpc(cancellationToken));
        await store.DeleteAppliedScheduleAsync(options.Installation, id, time.GetUtcNow(), cancellationToken);
    }

    Task RecordAsync(
        DesiredSchedule desired, string contentHash, DateTimeOffset since, CancellationToken cancellationToken) => store.PutAppliedScheduleAsync(
        new AppliedSchedule
        {
            Installation = options.Installation,
            ScheduleId = desired.Schedule.Id,
            Job = desired.Schedule.Job,
            SourceJson = desired.Schedule.ResolvedJson,
            SpecHash = ContentHash.Of(desired.Spec.ToString()),
            ContentHash = contentHash,
            BundleHash = desired.BundleHash,
            GitCommit = options.GitCommit,
            TimeZoneVersion = Zones.DataVersion,
            AppliedAt = since,
            AppliedBy = options.AppliedBy,
        },
        cancellationToken);

    Task AuditAsync(ReconcilePlan plan, CancellationToken cancellationToken) => store.AppendAuditAsync(
        new AuditRecord
        {
            Id = Guid.NewGuid().ToString("N"),
            At = time.GetUtcNow(),
            Who = options.AppliedBy,
            Action = "apply",
            Subject = options.Installation,
            Reason = options.GitCommit,
            DetailJson = JsonSerializer.Serialize(new
            {
                created = plan.Of(ChangeKind.Create).Select(c => c.Id),
                updated = plan.Of(ChangeKind.Update).Where(c => !c.Adopted).Select(c => c.Id),
                adopted = plan.Of(ChangeKind.Update).Where(c => c.Adopted).Select(c => c.Id),
                deleted = plan.Of(ChangeKind.Delete).Select(c => c.Id),
                jobs = plan.JobsChanged.Select(j => j.Job),
                jobsRemoved = plan.JobsRemoved,
                resources = plan.Resources.Where(r => r.Changes).Select(r => r.Id),
                people = plan.PeopleChanged?.HashAfter,
            }),
        },
        cancellationToken);
}

/// <summary>Apply would have to touch a schedule that is not this installation's.</summary>
sealed class ReconcileRefusedException(string message) : Exception(message);

using System.Globalization;
using System.Text.Json;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// What operators do to schedules at run time. Each act is written down first (who, why, until when) and then done on the server, so that
/// an act that was cut off is seen and can be repeated, and no pause is left that nobody will end.
/// </summary>
sealed class OperatorActions(ITemporalClient client, IRunStore store, string installation, string who, TimeProvider time)
{
    /// <summary>A skip ends so long after its last due time: the server must have come to it before the schedule goes on.</summary>
    static readonly TimeSpan _skipSlack = TimeSpan.FromSeconds(5);

    /// <exception cref="OperatorRefusedException">There is no such schedule, or it is paused by somebody else.</exception>
    public async Task<ScheduleHold> PauseAsync(string id, DateTimeOffset? until, string? reason, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(id, cancellationToken);
        var now = time.GetUtcNow();
        if (until <= now)
            throw new OperatorRefusedException(
                $"{Instants.Format(until.Value)} is over; write a time that is to come, or a duration such as 2h.");
        return await HoldAsync(
            New(applied, HoldKind.Pause, reason) with { Until = until is { } end ? WholeSecond(end) : null }, cancellationToken);
    }

    /// <inheritdoc cref="PauseAsync"/>
    public async Task<ScheduleHold> SkipAsync(string id, int count, string? reason, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(id, cancellationToken);
        var (last, _) = Upcoming(applied, count);
        return await HoldAsync(New(applied, HoldKind.Skip, reason) with { Until = last, Count = count }, cancellationToken);
    }

    /// <summary>One run more at a time to come; with <paramref name="instead"/> in the place of the next due time.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    public async Task<ScheduleHold> RunAtAsync(
        string id, DateTimeOffset at, bool instead, string? reason, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(id, cancellationToken);
        var now = time.GetUtcNow();
        at = WholeSecond(at);
        if (at <= now)
            throw new OperatorRefusedException($"{Instants.Format(at)} is over; `maintenance trigger {id}` runs it now.");

        var workflow = string.Create(CultureInfo.InvariantCulture, $"{id}-run-at-{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        if (instead)
        {
            var (last, _) = Upcoming(applied, 1);
            await HoldAsync(New(applied, HoldKind.Skip, reason) with { Until = last, Count = 1, WorkflowId = workflow }, cancellationToken);
        }

        var hold = New(applied, HoldKind.RunAt, reason) with { Until = at, WorkflowId = workflow };
        await store.PutHoldAsync(hold, cancellationToken);
        await StartAsync(applied, hold, at - now, cancellationToken);
        await AuditAsync("run-at", hold, cancellationToken);
        return hold;
    }

    /// <summary>Ends every pause and skip of a schedule, whoever made it.</summary>
    /// <returns>The holds that ended; empty when only the server knew of a pause.</returns>
    /// <exception cref="OperatorRefusedException">There is no such schedule, or it is not paused.</exception>
    public async Task<IReadOnlyList<ScheduleHold>> ResumeAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(id, cancellationToken);
        var open = await OpenAsync(id, cancellationToken);
        var description = await DescribeAsync(id, cancellationToken);
        if (open.Count == 0 && !description.Schedule.State.Paused)
            throw new OperatorRefusedException($"'{id}' is not paused.");

        if (description.Schedule.State.Paused)
            await client.GetScheduleHandle(id)
                .UnpauseAsync($"resumed by {who}{(reason is null ? "" : $": {reason}")}", Planner.Rpc(cancellationToken));
        foreach (var hold in open)
            await store.PutHoldAsync(hold with { EndedAt = time.GetUtcNow(), EndedBy = who }, cancellationToken);
        await AuditAsync("resume", New(applied, HoldKind.Pause, reason), cancellationToken);
        return open;
    }

    async Task<ScheduleHold> HoldAsync(ScheduleHold hold, CancellationToken cancellationToken)
    {
        var open = await OpenAsync(hold.ScheduleId, cancellationToken);
        var state = (await DescribeAsync(hold.ScheduleId, cancellationToken)).Schedule.State;
        var ours = open.FirstOrDefault(h => state.Note == HoldText.Note(h));
        if (state.Paused && (ours is null || hold.Kind == HoldKind.Skip))
        {
            throw new OperatorRefusedException(
                $"'{hold.ScheduleId}' is paused already ({(string.IsNullOrEmpty(state.Note) ? "no note" : state.Note)}); `maintenance "
                    + $"resume {hold.ScheduleId}` ends that first.");
        }

        await store.PutHoldAsync(hold, cancellationToken);
        await client.GetScheduleHandle(hold.ScheduleId).PauseAsync(HoldText.Note(hold), Planner.Rpc(cancellationToken));
        foreach (var replaced in open)
            await store.PutHoldAsync(replaced with { EndedAt = time.GetUtcNow(), EndedBy = who }, cancellationToken);
        await AuditAsync(hold.Kind == HoldKind.Skip ? "skip-next" : "pause", hold, cancellationToken);
        return hold;
    }

    async Task StartAsync(AppliedSchedule applied, ScheduleHold hold, TimeSpan delay, CancellationToken cancellationToken)
    {
        using var input = JsonDocument.Parse(ScheduleOf(applied).InputJson);
        var start = new WorkflowOptions(hold.WorkflowId!, Jobs.TaskQueues.Control)
        {
            StartDelay = delay,
            Memo = new Dictionary<string, object>
            {
                [RunMemo.Cause] = "manual", [RunMemo.Requester] = who, [RunMemo.Schedule] = applied.ScheduleId,
                [RunMemo.Installation] = installation,
            },
            Rpc = Planner.Rpc(cancellationToken),
        };
        try
        {
            await client.StartWorkflowAsync(applied.Job, [input.RootElement.Clone()], start);
        }
        catch (WorkflowAlreadyStartedException)
        {
            // Asked for twice is asked for once: the id holds the moment.
        }
    }

    /// <summary>The end of a skip of so many due times, before the one after them.</summary>
    (DateTimeOffset Until, DateTimeOffset Last) Upcoming(AppliedSchedule applied, int count)
    {
        var times = DueTimes.After(ScheduleOf(applied), time.GetUtcNow()).Select(d => d.Nominal).Take(count + 1).ToList();
        if (times.Count < count)
            throw new OperatorRefusedException($"'{applied.ScheduleId}' has only {times.Count} due times left.");
        var last = times[count - 1];
        var slack = times.Count > count && (times[count] - last) / 2 < _skipSlack ? (times[count] - last) / 2 : _skipSlack;
        return (last + slack, last);
    }

    ScheduleHold New(AppliedSchedule applied, HoldKind kind, string? reason) => new()
    {
        Id = Guid.CreateVersion7().ToString("N"),
        Installation = installation,
        ScheduleId = applied.ScheduleId,
        Kind = kind,
        Who = who,
        Reason = string.IsNullOrWhiteSpace(reason) ? null : reason,
        CreatedAt = time.GetUtcNow(),
    };

    async Task<AppliedSchedule> AppliedAsync(string id, CancellationToken cancellationToken) =>
        await store.GetAppliedScheduleAsync(installation, id, cancellationToken) ?? throw await UnknownAsync(id, cancellationToken);

    async Task<OperatorRefusedException> UnknownAsync(string id, CancellationToken cancellationToken)
    {
        var known = (await store.ListAppliedSchedulesAsync(installation, cancellationToken)).Select(a => a.ScheduleId).ToList();
        return new OperatorRefusedException(
            $"there is no schedule '{id}'. {NearestName.Suggest(id, known)} A new one is known after `maintenance apply`.")
        {
            NotFound = true,
        };
    }

    async Task<ScheduleDescription> DescribeAsync(string id, CancellationToken cancellationToken) =>
        await Planner.DescribeAsync(client, id, cancellationToken)
        ?? throw new OperatorRefusedException($"the schedule '{id}' is not on the server; `maintenance apply` makes it again.")
        {
            NotFound = true,
        };

    async Task<IReadOnlyList<ScheduleHold>> OpenAsync(string id, CancellationToken cancellationToken) =>
    [
        .. (await store.ListHoldsAsync(new() { Installation = installation, ScheduleId = id }, cancellationToken)).Where(
            h => h.Kind != HoldKind.RunAt),
    ];

    Task AuditAsync(string action, ScheduleHold hold, CancellationToken cancellationToken) => store.AppendAuditAsync(
        new AuditRecord
        {
            Id = $"{action}-{hold.Id}",
            At = time.GetUtcNow(),
            Who = who,
            Action = action,
            Subject = $"schedule:{hold.ScheduleId}",
            Reason = hold.Reason,
            DetailJson = JsonSerializer.Serialize(new { until = hold.Until, count = hold.Count, run = hold.WorkflowId }),
        },
        cancellationToken);

    static Maintenance.Schedules.Schedule ScheduleOf(AppliedSchedule applied) =>
        ScheduleFile.ReadResolved(applied.SourceJson, applied.ScheduleId).Value
            ?? throw new InvalidDataException(
                $"The applied schedule '{applied.ScheduleId}' cannot be read by this version; run `maintenance apply`.");

    static DateTimeOffset WholeSecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

/// <summary>An operator asked for something that cannot be; nothing was done.</summary>
sealed class OperatorRefusedException(string message) : Exception(message)
{
    public bool NotFound { get; init; }
}

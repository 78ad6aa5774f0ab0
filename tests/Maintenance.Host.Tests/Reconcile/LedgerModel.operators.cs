using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>The operators: what they ask for goes through the product's own code to a server that keeps pauses and starts as a real one does.</summary>
sealed partial class LedgerModel
{
    readonly ITemporalClient _client;
    readonly OperatorActions _operators;
    readonly HoldExpiry _expiry;
    FakeScheduleServer _server = null!;
    readonly List<string> _story = [];
    int _backfilled;

    /// <summary>What the model and its operators did, in order: for whoever has to find out why a seed fails.</summary>
    public string Story => string.Join('\n', _story);

    /// <summary>The workflows of <c>run-at</c> that ran.</summary>
    public HashSet<string> ExtraRuns { get; } = new(StringComparer.Ordinal);

    Task MakeAsync(Subject subject) => _client.CreateScheduleAsync(
        subject.Id,
        new Temporalio.Client.Schedules.Schedule(
            ScheduleActionStartWorkflow.Create("backup", [], new(subject.Id, "maintenance")), new ScheduleSpec()));

    async Task OperateAsync(Subject subject)
    {
        if (_random.Next(subject.Hold is null ? 150 : 60) != 0)
            return;
        try
        {
            await OperateAsync(subject, _random.Next(5), $"because of {_random.Next(1000)}");
        }
        catch (OperatorRefusedException) when (_server.State(subject.Id).Paused)
        {
            // One hold at a time: they see the first one and wait.
        }
    }

    async Task OperateAsync(Subject subject, int act, string reason)
    {
        var now = _time.GetUtcNow();
        if (subject.Hold is not null && act < 3)
        {
            await _operators.ResumeAsync(subject.Id, reason, CancellationToken.None);
            subject.Hold = null;
            Did("resume");
            return;
        }

        switch (act)
        {
            case 0 or 1:
                var until = _random.Next(3) == 0 ? (DateTimeOffset?)null : now.AddSeconds(_random.Next(1, 4 * 3600));
                subject.Hold = await _operators.PauseAsync(subject.Id, until, reason, CancellationToken.None);
                Did("pause");
                break;
            case 2:
                subject.Hold = await _operators.SkipAsync(subject.Id, _random.Next(1, 6), reason, CancellationToken.None);
                Did("skip-next");
                break;
            case 3:
                await RunAtAsync(subject, now, instead: false, reason);
                Did("run-at");
                break;
            default:
                await RunAtAsync(subject, now, instead: true, reason);
                subject.Hold = (await HoldsAsync(subject)).Single(h => h.Kind == HoldKind.Skip);
                Did("run-at --instead");
                break;
        }

        void Did(string what) => Note($"{what} {subject.Id} {subject.Hold?.Until:O}");
    }

    void Note(string what) => _story.Add($"{_time.GetUtcNow():O} {what}");

    async Task RunAtAsync(Subject subject, DateTimeOffset now, bool instead, string reason)
    {
        var hold = await _operators.RunAtAsync(subject.Id, now.AddSeconds(_random.Next(1, 3 * 3600)), instead, reason, CancellationToken.None);
        Assert.Contains(_server.Starts, start => start.WorkflowId == hold.WorkflowId);
        subject.Asked.Add((hold.WorkflowId!, hold.Until!.Value));
    }

    async Task<IReadOnlyList<ScheduleHold>> HoldsAsync(Subject subject) =>
        await Store.ListHoldsAsync(new() { Installation = "here", ScheduleId = subject.Id }, CancellationToken.None);

    /// <summary>Ends what is over, and starts at once what the server is told to make up.</summary>
    async Task ExpireAsync()
    {
        await _expiry.RunAsync(CancellationToken.None);
        var patches = _server.PatchesById;
        foreach (var (id, patch) in patches.Skip(_backfilled))
        {
            var subject = _subjects.First(s => s.Id == id);
            foreach (var range in patch.BackfillRequest)
                await MakeUpAsync(subject, range.StartTime.ToDateTimeOffset(), range.EndTime.ToDateTimeOffset());
        }

        _backfilled = patches.Count;
        foreach (var subject in _subjects.Where(s => s.Hold is not null && !_server.State(s.Id).Paused))
            subject.Hold = null;
    }

    async Task MakeUpAsync(Subject subject, DateTimeOffset from, DateTimeOffset to)
    {
        // By the version that the server has now: it knows no other.
        var schedule = subject.Versions[^1].Schedule;
        foreach (var at in DueTimes.After(schedule, from.AddSeconds(-1)).Select(d => d.Nominal).TakeWhile(at => at <= to).ToList())
        {
            Note($"made up {subject.Id} {at:O}");
            Truth[(subject.Id, at)] = await StartAsync(subject, schedule, at, _time.GetUtcNow());
        }
    }

    /// <summary>Runs that were asked for at a time of their own start when it comes, whatever the schedule does.</summary>
    async Task StartAskedAsync(Subject subject, DateTimeOffset now)
    {
        foreach (var asked in subject.Asked.Where(asked => asked.At <= now).ToList())
        {
            subject.Asked.Remove(asked);
            if (!ExtraRuns.Add(asked.WorkflowId))
                continue;
            var record = new RunRecord
            {
                RunId = Guid.NewGuid().ToString(), WorkflowId = asked.WorkflowId, Job = "backup", Installation = "here", ScheduleId = subject.Id,
                Cause = RunCause.Manual, Status = RunStatus.Running, StartedAt = now,
            };
            await Store.OpenRunAsync(record, CancellationToken.None);
            await Store.FinishRunAsync(record with { Status = RunStatus.Succeeded, FinishedAt = now }, [], CancellationToken.None);
        }
    }
}

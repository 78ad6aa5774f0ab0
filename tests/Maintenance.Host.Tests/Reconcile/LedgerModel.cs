using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Client;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// A server and a worker in miniature, minute by minute on a clock of their own: outages, clock steps and edits come by seed, and so do the acts of
/// operators (the other half of this class), which the product's own code does and ends. The model notes what it did with each due time; the ledger has to
/// find that out from records alone.
/// </summary>
sealed partial class LedgerModel : IAsyncDisposable
{
    static readonly DateTimeOffset _start = new(2027, 3, 27, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    static readonly string[] _timings =
    [
        """ "every": "5m" """, """ "cron": "*/15 * * * *", "exclude": { "times": "22:00-06:00" } """, """ "cron": "30 2 * * *" """,
        """ "cron": "7 * * * *" """, """ "every": "20m", "catchUp": "10m" """, """ "every": "30m", "overlap": "allowAll", "catchUp": "3h" """,
    ];

    readonly Random _random;
    readonly StepTime _time = new(_start);
    readonly List<Subject> _subjects = [];
    LedgerKeeper _keeper;

    LedgerModel(int seed, IRunStore store, ITemporalClient client)
    {
        _random = new Random(seed);
        Store = store;
        _client = client;
        _operators = new OperatorActions(client, store, "here", "ada", _time);
        _expiry = new HoldExpiry(client, store, "here", _time, NullLogger.Instance);
        _keeper = NewKeeper();
    }

    /// <param name="seed">What happens, and when.</param>
    /// <param name="store">Empty records of any kind; the model disposes of them.</param>
    public static async Task<LedgerModel> CreateAsync(int seed, IRunStore store)
    {
        var server = new FakeScheduleServer();
        return new LedgerModel(seed, store, await TemporalClient.ConnectAsync(new(server.Address))) { _server = server };
    }

    public IRunStore Store { get; }

    /// <summary>What the model did: status and cause by schedule and due time.</summary>
    public Dictionary<(string Id, DateTimeOffset DueAt), string> Truth { get; } = [];

    public async Task RunAsync(int minutes)
    {
        await Store.MigrateAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            _subjects.Add(new Subject($"s{i}"));
            await MakeAsync(_subjects[i]);
            await ApplyAsync(_subjects[i]);
        }

        await _keeper.RunAsync(CancellationToken.None);
        for (var minute = 0; minute < minutes; minute++)
            await MinuteAsync(disturbed: true);
        // Nothing more happens: what is open comes to its end.
        for (var minute = 0; minute < 5 * 60; minute++)
            await MinuteAsync(disturbed: false);
        await _keeper.RunAsync(CancellationToken.None);
    }

    async Task MinuteAsync(bool disturbed)
    {
        _time.Advance(_minute / 2);
        if (disturbed)
            await DisturbAsync(_subjects[_random.Next(_subjects.Count)]);
        _time.Advance(_minute / 2);
        if (disturbed)
            Clock();
        foreach (var subject in _subjects)
            await ServeAsync(subject);
        if (disturbed)
            await DisturbAsync(_subjects[_random.Next(_subjects.Count)]);
        if (_random.Next(100) == 0)
            _keeper = NewKeeper();
        // Both look every few seconds, in no order.
        var keeperFirst = _random.Next(2) == 0;
        if (keeperFirst)
            await _keeper.RunAsync(CancellationToken.None);
        await ExpireAsync();
        if (!keeperFirst)
            await _keeper.RunAsync(CancellationToken.None);
    }

    void Clock()
    {
        if (_random.Next(300) == 0)
            Moved("slept", () => _time.Advance(_minute * _random.Next(3, 400), asleep: true));
        if (_random.Next(600) == 0)
            Moved("clock forward", () => _time.Step(_minute * _random.Next(5, 240)));
        if (_random.Next(600) == 0)
            Moved("clock back", () => _time.Step(-_minute * _random.Next(1, 20)));
    }

    void Moved(string how, Action move)
    {
        var before = _time.GetUtcNow();
        move();
        Note($"{how} since {before:O}");
    }

    async Task DisturbAsync(Subject subject)
    {
        if (_random.Next(400) == 0)
            await ApplyAsync(subject);
        await OperateAsync(subject);
    }

    /// <summary>A new version, half a minute away from any due time as far as its clock goes.</summary>
    async Task ApplyAsync(Subject subject)
    {
        var json = $$"""{ "id": "{{subject.Id}}", "job": "backup", "timeZone": "Europe/Berlin", {{_timings[_random.Next(_timings.Length)]}} }""";
        var at = _time.GetUtcNow().AddSeconds(0.5);
        if (subject.Versions.Count > 0 && at <= subject.Versions[^1].Applied.AppliedAt)
            return;
        var applied = new AppliedSchedule
        {
            Installation = "here", ScheduleId = subject.Id, Job = "backup", SourceJson = json, SpecHash = $"{subject.Versions.Count}",
            ContentHash = $"{subject.Versions.Count}", AppliedAt = at,
        };
        await Store.PutAppliedScheduleAsync(applied, CancellationToken.None);
        if (subject.Versions.Count > 0)
            subject.Versions[^1] = subject.Versions[^1] with { Applied = subject.Versions[^1].Applied with { ReplacedAt = at } };
        Note($"applied {json}");
        subject.Versions.Add(new ScheduleVersion(applied, ScheduleFile.ReadResolved(json).Value!));
        // A clock that was set back lives through time again that has been served: a version made then decides from the end of that time on.
        subject.Effective.Add(at > subject.ServedUntil ? at : subject.ServedUntil.AddSeconds(0.5));
        subject.ServedUntil = subject.Versions.Count == 1 ? at : subject.ServedUntil;
    }

    /// <summary>What a server does when it wakes: everything since it looked last, in order.</summary>
    async Task ServeAsync(Subject subject)
    {
        var now = _time.GetUtcNow();
        foreach (var run in subject.Open.Where(run => run.EndsAt <= now).ToList())
        {
            subject.Open.Remove(run);
            await Store.FinishRunAsync(run.Record with { Status = RunStatus.Succeeded, FinishedAt = now }, [], CancellationToken.None);
        }

        await StartAskedAsync(subject, now);
        var due = subject.Versions.SelectMany(version => DueTimes.After(version.Schedule, subject.ServedUntil.AddSeconds(-1))
            .Select(d => (version, At: d.Nominal)).TakeWhile(d => d.At <= now)
            .Where(d => d.At > subject.ServedUntil && version.InForceAt(d.At))).OrderBy(d => d.At).ToList();
        foreach (var (version, at) in due)
            Truth[(subject.Id, at)] = await DecideAsync(subject, version.Schedule, at, now);
        if (now > subject.ServedUntil)
            subject.ServedUntil = now;
    }

    async Task<string> DecideAsync(Subject subject, Schedule schedule, DateTimeOffset at, DateTimeOffset now)
    {
        // A pause counts for what is served under it. One whose end is over holds nothing back any more: that is made up, or it was missed.
        if (_server.State(subject.Id).Paused)
            return subject.Hold is { Until: var until } && !(at >= until) ? "skipped" : "missed";
        if (now - at > schedule.CatchUp)
            return "missed";
        return await StartAsync(subject, schedule, at, now);
    }

    async Task<string> StartAsync(Subject subject, Schedule schedule, DateTimeOffset at, DateTimeOffset now)
    {
        if (schedule.Overlap == Overlap.Skip && subject.Open.Count > 0)
            return "skipped";
        var record = new RunRecord
        {
            RunId = Guid.NewGuid().ToString(), WorkflowId = LedgerCauses.WorkflowId(subject.Id, at), Job = "backup", Installation = "here",
            ScheduleId = subject.Id, DueAt = at, Cause = now - at > _minute ? RunCause.CatchUp : RunCause.Schedule, Status = RunStatus.Running, StartedAt = now,
        };
        await Store.OpenRunAsync(record, CancellationToken.None);
        subject.Open.Add((record, now + (_minute * _random.Next(1, 40))));
        return "ran";
    }

    LedgerKeeper NewKeeper() => new(Store, LookAsync, "here", _time, NullLogger.Instance);

    Task<ServerView> LookAsync(string id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var subject = _subjects.First(s => s.Id == id);
        return Task.FromResult(new ServerView
        {
            Exists = true, Paused = _server.State(id).Paused, Note = _server.State(id).Note, Since = subject.Versions[^1].Applied.AppliedAt,
        });
    }

    /// <summary>Everything that was due and is accounted for so far, by the versions in force.</summary>
    public IReadOnlyList<(string Id, DateTimeOffset DueAt)> Due(DateTimeOffset until) =>
    [
        .. _subjects.SelectMany(subject => subject.Versions.SelectMany((version, i) =>
            DueTimes.Events(version.Schedule, subject.Effective[i].ToUnixTimeSeconds())
                .Select(e => DateTimeOffset.FromUnixTimeSeconds(e.At))
                .TakeWhile(at => at <= until && (i + 1 == subject.Effective.Count || at < subject.Effective[i + 1]))
                .Select(at => (subject.Id, at)))).Distinct(),
    ];

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _server.Dispose();
    }

    sealed class Subject(string id)
    {
        public string Id { get; } = id;
        public List<ScheduleVersion> Versions { get; } = [];
        public List<(RunRecord Record, DateTimeOffset EndsAt)> Open { get; } = [];
        public List<DateTimeOffset> Effective { get; } = [];
        public List<(string WorkflowId, DateTimeOffset At)> Asked { get; } = [];
        public ScheduleHold? Hold { get; set; }
        public DateTimeOffset ServedUntil { get; set; }
    }

    /// <summary>Two clocks that the model moves: the wall's, which can be set, and the one that only goes on while the machine is awake.</summary>
    sealed class StepTime(DateTimeOffset now) : TimeProvider
    {
        DateTimeOffset _now = now;
        long _awake;

        public void Advance(TimeSpan by, bool asleep = false) => (_now, _awake) = (_now + by, _awake + (asleep ? 0 : by.Ticks));

        public void Step(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _awake;
    }
}

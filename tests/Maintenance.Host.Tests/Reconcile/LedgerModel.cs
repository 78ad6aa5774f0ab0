using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// A server, a worker and an operator in miniature, minute by minute on a clock of their own: outages, clock steps, edits and pauses come by seed. The
/// model notes what it did with each due time; the ledger has to find that out from records alone.
/// </summary>
sealed class LedgerModel : IAsyncDisposable
{
    static readonly DateTimeOffset _start = new(2027, 3, 27, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    static readonly string[] _timings =
    [
        """ "every": "5m" """, """ "cron": "*/15 * * * *", "exclude": { "times": "22:00-06:00" } """, """ "cron": "30 2 * * *" """,
        """ "cron": "7 * * * *" """, """ "every": "20m", "catchUp": "10m" """, """ "every": "30m", "overlap": "allowAll", "catchUp": "3h" """,
    ];

    readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;
    readonly Random _random;
    readonly StepTime _time = new(_start);
    readonly List<Subject> _subjects = [];
    LedgerKeeper _keeper;

    public LedgerModel(int seed)
    {
        _random = new Random(seed);
        Store = RunStores.Open(Path.Combine(_folder, "records.db"));
        _keeper = NewKeeper();
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
        _time.Advance(_minute);
        if (disturbed && _random.Next(300) == 0)
            _time.Advance(_minute * _random.Next(3, 400), asleep: true);
        if (disturbed && _random.Next(600) == 0)
            _time.Step(_minute * _random.Next(5, 240));
        if (disturbed && _random.Next(600) == 0)
            _time.Step(-_minute * _random.Next(1, 20));

        foreach (var subject in _subjects)
            await ServeAsync(subject);
        if (disturbed)
            await DisturbAsync(_subjects[_random.Next(_subjects.Count)]);
        if (_random.Next(100) == 0)
            _keeper = NewKeeper();
        await _keeper.RunAsync(CancellationToken.None);
    }

    async Task DisturbAsync(Subject subject)
    {
        if (_random.Next(200) == 0)
            await ApplyAsync(subject);
        if (_random.Next(150) == 0 && subject.Hold is null)
        {
            subject.Hold = new ScheduleHold
            {
                Id = Guid.NewGuid().ToString("N"), Installation = "here", ScheduleId = subject.Id, Kind = HoldKind.Pause, Who = "ada", CreatedAt = _time.GetUtcNow(),
            };
            await Store.PutHoldAsync(subject.Hold, CancellationToken.None);
        }
        else if (subject.Hold is { } hold && _random.Next(40) == 0 && hold.CreatedAt < _time.GetUtcNow())
        {
            await Store.PutHoldAsync(hold with { EndedAt = _time.GetUtcNow(), EndedBy = "ada" }, CancellationToken.None);
            subject.Hold = null;
        }
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
        // The pause counts from its own moment on; what was due before it and is served only now was missed under it all the same.
        if (subject.Hold is not null)
            return "skipped";
        if (now - at > schedule.CatchUp)
            return "missed";
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
            Exists = true, Paused = subject.Hold is not null, Note = "paused", Since = subject.Versions[^1].Applied.AppliedAt,
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
        Directory.Delete(_folder, recursive: true);
    }

    sealed class Subject(string id)
    {
        public string Id { get; } = id;
        public List<ScheduleVersion> Versions { get; } = [];
        public List<(RunRecord Record, DateTimeOffset EndsAt)> Open { get; } = [];
        public List<DateTimeOffset> Effective { get; } = [];
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

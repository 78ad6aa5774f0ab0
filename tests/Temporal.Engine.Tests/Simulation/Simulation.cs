using Temporal.Protocol;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>
/// An engine, workers, a client and schedules on one thread, one clock and one source of chance: the same seed is the same
/// story. For forty seconds of its own time things go wrong: the network loses, doubles and delays; the engine is killed
/// before, after and between commits; commits are refused; workers die and forget. Then it is calm, and everything must come
/// to its end. The rules are checked with every commit (<see cref="MemoryStore"/>) and every answer (<see cref="Ledger"/>).
/// </summary>
sealed class Simulation
{
    static readonly TimeSpan Storm = TimeSpan.FromSeconds(40);
    static readonly TimeSpan LongestCalm = TimeSpan.FromMinutes(30);
    static readonly TimeSpan RestartTakes = TimeSpan.FromMilliseconds(700);

    // What comes within this time may become one batch.
    static readonly TimeSpan Together = TimeSpan.FromMilliseconds(4);

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // Steps that take no time.
    const int LongestStand = 10_000;

    readonly Random _random;
    readonly ManualTime _time = new();
    readonly DateTimeOffset _begin;
    readonly SimulationContext _context = new();
    readonly MemoryStore _store = new();
    readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _agenda = new();
    readonly LogLines _log = new();
    FaultyStore? _disk;
    long _order;
    int _standing;

    Simulation(int seed)
    {
        _random = new(seed);
        _begin = _time.GetUtcNow();
        Faults = new(_random);
        Network = new(this);
        Ledger = new(_store);
        _store.NextFault = () => IsStarting ? CommitFault.None : Faults.NextCommit();
        _store.OnCrash = Crash;
        _store.OnBroken = broken => Broken ??= broken;
    }

    public Faults Faults { get; }

    public Network Network { get; }

    public Ledger Ledger { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Null while it is down.</summary>
    public TemporalEngine? Engine { get; private set; }

    /// <summary>Which life of the engine's process this is: answers of an earlier one reach nobody.</summary>
    public int Life { get; private set; }

    /// <summary>A rule that was broken where an exception would be lost.</summary>
    public Exception? Broken { get; set; }

    bool IsStarting => Engine is null;

    /// <summary>What happened, in numbers that are the same for the same seed.</summary>
    public sealed record Story(int Steps, int Crashes, int Runs, int Events, TimeSpan Lasted);

    public static Story Run(int seed)
    {
        var before = SynchronizationContext.Current;
        var simulation = new Simulation(seed);
        SynchronizationContext.SetSynchronizationContext(simulation._context);
        try
        {
            return simulation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void After(TimeSpan delay, Action act) => _agenda.Enqueue(act, (Now + delay, _order++));

    Story Run()
    {
        StartEngine();
        new Client(this, _random).Start();
        new Worker(this, "plain", hasCache: false).Start();
        new Worker(this, "caching", hasCache: true).Start();

        var steps = 0;
        while (!(Faults.IsCalm && Ledger.IsSettled))
        {
            Rule.Holds(Now < _begin + Storm + LongestCalm, $"no progress: {Ledger.Open}");
            Faults.IsCalm = Now >= _begin + Storm;
            Step();
            steps++;
        }

        Ledger.CheckAtEnd(InfoOf);
        return new(steps, Life, _store.Runs.Count(), _store.Runs.Sum(run => _store.History(run.Key).Count), Now - _begin);
    }

    /// <summary>While the disk takes nothing, timers wait; the engine looks now and then whether it does.</summary>
    DateTimeOffset? EngineDue => Engine is { Loop.IsWritable: false } ? Now + LookEvery : Engine?.State.Timers.NextDue;

    /// <summary>To the next thing that happens, and all that comes of it.</summary>
    void Step()
    {
        var next = _agenda.TryPeek(out _, out var first) ? first.At : DateTimeOffset.MaxValue;
        if (EngineDue is { } due && due < next)
            next = due;
        if (_time.NextDue is { } timer && timer < next)
            next = timer;
        _standing = next > Now ? 0 : _standing + 1;
        Rule.Holds(_standing < LongestStand, $"time stands still: {Ledger.Open}\n{_log.Newest}");
        if (next > Now)
            _time.Advance(next - Now);
        var limit = Now + (_random.Next(2) == 0 ? Together : TimeSpan.Zero);
        while (_agenda.TryPeek(out _, out var at) && at.At <= limit)
            _agenda.Dequeue()();
        if (Engine is not null && Faults.EngineDies())
            Crash();
        RunEngine();
        if (Broken is { } broken)
            throw broken;
    }

    void RunEngine()
    {
        do
        {
            Engine?.Loop.RunPending();
        }
        while (_context.RunPosted());
    }

    void Crash()
    {
        if (Engine is null)
            return;
        Life++;
        Engine.State.Meter.Dispose();
        Engine = null;
        // What is left of the process writes nothing any more.
        _disk!.FailWith = new IOException("this engine is dead");
        Network.Reset();
        _time.ForgetTimers();
        After(RestartTakes, StartEngine);
    }

    void StartEngine()
    {
        var options = new EngineOptions
        {
            DataDirectory = "simulated",
            TimeProvider = _time,
            LoggerFactory = _log,
            OnFatal = (reason, failure) => Broken ??= new InvalidOperationException(reason, failure),
        };
        _disk = new FaultyStore(_store, _time);
        var (engine, ready) = TemporalEngine.Simulate(options, _disk);
        while (!ready.IsCompleted)
        {
            engine.Loop.RunPending();
            _context.RunPosted();
        }

        ready.GetAwaiter().GetResult();
        Engine = engine;
    }

    Temporalio.Api.Schedule.V1.ScheduleInfo InfoOf(string scheduleId)
    {
        var handler = Engine!.Services.Handlers[WorkflowServiceMethods.DescribeSchedule.Path];
        var asked = handler.Handle(
            new Temporalio.Api.WorkflowService.V1.DescribeScheduleRequest { Namespace = "default", ScheduleId = scheduleId },
            new(new Dictionary<string, string>(), null, CancellationToken.None)).AsTask();
        while (!asked.IsCompleted)
            RunEngine();
        return ((Temporalio.Api.WorkflowService.V1.DescribeScheduleResponse)asked.Result).Info;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>
/// The one writer. Requests arrive in a queue; the loop applies a batch of them to memory, appends every change to the store in
/// one transaction, and only then lets the answers go. So nobody outside ever sees a state that a crash could take back.
///
/// A command that throws has changed nothing. Where it had already changed memory, its workflows are folded again from the
/// store; if they had been changed by an earlier command too, the whole batch is taken back and its commands run once more,
/// each in a transaction of its own.
/// A command that must fail and yet keep its changes throws <see cref="CommittedFailure"/>.
/// </summary>
sealed class EngineLoop : IDisposable
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    readonly EngineState _state;
    readonly EngineOptions _options;
    readonly ILogger _log;
    readonly DiskWatch _disk;
    readonly IdleTrim _trim;
    readonly ConcurrentQueue<LoopCommand> _queue = new();
    // Waits without spinning first: most of the time nothing comes so soon, and whoever has the processor is about to send it.
    readonly ManualResetEventSlim _signal = new(false, spinCount: 0);
    readonly ITimer _wake;
    readonly Thread _thread;
    volatile bool _stopping;
    long _gaugesAt;

    public EngineLoop(EngineState state, EngineOptions options)
    {
        _state = state;
        _options = options;
        _log = options.LoggerFactory.CreateLogger<EngineLoop>();
        _disk = new(options);
        _trim = new(options.TimeProvider);
        _wake = options.TimeProvider.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // A thread of its own: a starved thread pool must not make the engine look dead.
        _thread = new Thread(RunUntilStopped) { Name = "temporal-engine", IsBackground = true };
    }

    /// <summary>How many transactions were committed since the start.</summary>
    public long Commits { get; private set; }

    /// <summary>False while commits fail: nothing that changes state is acknowledged.</summary>
    public bool IsWritable => _disk.IsWritable;

    public void Start() => _thread.Start();

    /// <summary>Runs <paramref name="work"/> on the loop. The task ends after its changes are on disk.</summary>
    public Task<T> RunAsync<T>(Func<EngineTransaction, T> work)
    {
        var command = new LoopCommand<T>(work);
        Post(command);
        return command.Task;
    }

    /// <summary>Runs a command on the loop; it tells its caller itself what came of it.</summary>
    public void Post(LoopCommand command)
    {
        if (_stopping)
        {
            command.Fail(Stopped());
            return;
        }

        _queue.Enqueue(command);
        Wake();
    }

    public Task RunAsync(Action<EngineTransaction> work) =>
        RunAsync(tx =>
        {
            work(tx);
            return true;
        });

    void Wake() => _signal.Set();

    void RunUntilStopped()
    {
        try
        {
            Run();
        }
        catch (Exception failure)
        {
            // Memory can no longer be trusted; what is on disk can. A new process starts from there.
            End("The engine's loop has failed. Start the process again; acknowledged work is on disk.", failure);
        }
    }

    void End(string reason, Exception failure)
    {
        EngineLog.Fatal(_log, reason, failure);
        _options.OnFatal(reason, failure);
    }

    void Run()
    {
        while (!_stopping)
        {
            // Before the queue is looked at: what comes from now on sets it again.
            _signal.Reset();
            RunPending();
            if (ProgramWakeUp())
                _signal.Wait();
        }

        while (_queue.TryDequeue(out var command))
            command.Fail(Stopped());
    }

    /// <summary>False when something is due already.</summary>
    bool ProgramWakeUp()
    {
        // While nothing can be written, what is due must wait: it would only fail again.
        var due = _disk.IsWritable ? _state.Timers.NextDue : null;
        var wait = due is null ? LongestWait : due.Value - _options.TimeProvider.GetUtcNow().UtcDateTime;
        // At most a second, so that a suspended machine or a jump of the wall clock is noticed.
        if (wait <= TimeSpan.Zero)
            return false;
        // Rounded up to the timer's milliseconds, or it would come too early and again.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _wake.Change(rounded > LongestWait ? LongestWait : rounded, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Runs all that is due and all that has arrived. Called by the thread, or by a simulation instead of it.</summary>
    public void RunPending()
    {
        if (_disk.ShouldProbe)
            Probe();
        LookAround();
        bool more;
        do
        {
            var batch = new List<LoopCommand>();
            while (batch.Count < _options.BatchLimit && _queue.TryDequeue(out var command))
                batch.Add(command);
            more = batch.Count == _options.BatchLimit;
            RunBatch(batch, fireTimers: _disk.IsWritable);
        }
        while (more && !_stopping);
    }

    /// <summary>What is done about every second, busy or idle.</summary>
    void LookAround()
    {
        var now = _options.TimeProvider.GetTimestamp();
        if (_options.TimeProvider.GetElapsedTime(_gaugesAt, now) < LongestWait)
            return;
        _gaugesAt = now;
        _state.Meter.Publish(EngineGauges.Of(_state, _disk.IsWritable));
        _state.Workflows.PutUnusedAside();
        _trim.Look(Commits);
    }

    /// <summary>A commit that nobody waits for, to see whether the disk takes it.</summary>
    void Probe()
    {
        var tx = new EngineTransaction(_state);
        tx.Changes.PutDocument(new("engine", "disk-probe", []));
        Commit(tx);
    }

    void RunBatch(List<LoopCommand> batch, bool fireTimers)
    {
        var tx = new EngineTransaction(_state);
        try
        {
            if (fireTimers)
                _state.Timers.FireDue(tx);
            foreach (var command in batch)
                Execute(command, tx);
            tx.Settle();
        }
        catch (Exception failure)
        {
            tx.RollBack();
            RunOneByOne(batch, fireTimers, failure);
            return;
        }

        Commit(batch, tx);
    }

    void Execute(LoopCommand command, EngineTransaction tx)
    {
        tx.BeginCommand();
        try
        {
            command.Execute(tx);
            tx.RunDeferred();
        }
        catch (CommittedFailure failure)
        {
            command.Outcome = failure.Failure;
            tx.RunDeferred();
        }
        catch (Exception failure) when (!tx.ChangedByCommand)
        {
            command.Outcome = failure;
        }
        catch (Exception failure)
        {
            if (!tx.TryTakeBackCommand())
                throw;
            command.Outcome = Explain(failure);
        }
    }

    void RunOneByOne(List<LoopCommand> batch, bool firedTimers, Exception failure)
    {
        if (batch.Count == 1 && !firedTimers)
        {
            batch[0].Fail(Explain(failure));
            return;
        }

        // Any of them may be the broken one: each gets a transaction of its own.
        if (firedTimers)
            _state.Timers.FireDueOneByOne(_state, Commit);
        foreach (var command in batch)
            RunBatch([command], fireTimers: false);
    }

    Exception Explain(Exception failure)
    {
        if (failure is RpcFailure or WorkflowTaskRefused or HistoryLimitReached)
            return failure;
        EngineLog.CommandFailed(_log, failure);
        return new RpcFailure(RpcStatus.Internal, $"The engine could not apply this request: {failure.Message}");
    }

    void Commit(EngineTransaction tx) => Commit([], tx);

    void Commit(List<LoopCommand> batch, EngineTransaction tx)
    {
        if (!tx.Changes.IsEmpty && Write(tx.Changes, batch.Count) is { } failure)
        {
            tx.RollBack();
            var refusal = $"The engine could not write to its disk: {failure.Message.TrimEnd('.')}. Nothing was done; repeat it once there is room.";
            foreach (var command in batch)
                command.Fail(new RpcFailure(RpcStatus.Unavailable, refusal));
            return;
        }

        tx.Release();
        foreach (var command in batch)
            command.Release();
    }

    /// <summary>Null when all of it is on disk.</summary>
    Exception? Write(StoreBatch changes, int requests)
    {
        var started = _options.TimeProvider.GetTimestamp();
        try
        {
            _state.Store.Commit(changes);
        }
        catch (Exception failure)
        {
            if (failure is StoreDamagedException)
                End(failure.Message, failure);
            else if (_state.Store.IsFatal(failure))
                End(
                    "The engine's data could not be synced to disk; going on could lose acknowledged data. See to the disk, then start the "
                        + "process again.",
                    failure);
            _disk.OnFailed(failure);
            _state.Meter.OnCommitFailed();
            return failure;
        }

        Commits++;
        var took = _options.TimeProvider.GetElapsedTime(started);
        _disk.OnCommitted(took);
        _state.Meter.OnCommitted(took, changes, requests);
        return null;
    }

    static RpcFailure Stopped() => new(RpcStatus.Unavailable, "The engine is shutting down.");

    public void Dispose()
    {
        _stopping = true;
        Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _wake.Dispose();
        _signal.Dispose();
    }
}

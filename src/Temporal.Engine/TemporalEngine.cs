using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Temporal.Engine.Schedules;
using Temporal.Engine.Visibility;
using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>A single-node server for Temporal's API, in this process, on one data folder.</summary>
public sealed class TemporalEngine : IAsyncDisposable
{
    const int ManyWorkflows = 1_000;

    readonly DataFolderLock? _lock;
    readonly IEngineStore _store;
    EngineFrontend? _frontend;

    TemporalEngine(DataFolderLock? folderLock, IEngineStore store, EngineState state, EngineLoop loop)
    {
        _lock = folderLock;
        _store = store;
        State = state;
        Loop = loop;
    }

    /// <summary>Where clients reach the engine, as <c>host:port</c>; clients in this process skip the socket.</summary>
    public string Address => _frontend?.Address ?? "";

    internal EngineState State { get; }

    internal EngineLoop Loop { get; }

    /// <summary>What the engine answers, by path.</summary>
    internal RpcServiceTable Services { get; } = new();

    /// <summary>Opens the data folder, loads what is open, and begins to answer.</summary>
    /// <exception cref="EngineStartException">The folder is in use, damaged, or of a newer program.</exception>
    public static Task<TemporalEngine> StartAsync(EngineOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, store => store, cancellationToken);

    internal static async Task<TemporalEngine> StartAsync(
        EngineOptions options, Func<IEngineStore, IEngineStore> decorate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ListenRules.Check(options);
        Directory.CreateDirectory(options.DataDirectory);
        try
        {
            return await OpenAsync(options, decorate, cancellationToken);
        }
        catch (StoreDamagedException damaged)
        {
            throw new EngineStartException(damaged.Message, damaged);
        }
        catch (RpcFailure failure)
        {
            throw new EngineStartException($"The engine cannot begin on {options.DataDirectory}: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// An engine on this store whose loop has no thread: its owner runs <see cref="EngineLoop.RunPending"/>, until the task has ended
    /// and from then on. To be killed, it is dropped without a word.
    /// </summary>
    internal static (TemporalEngine Engine, Task Ready) Simulate(EngineOptions options, IEngineStore store)
    {
        var state = new EngineState(options, store);
        var engine = new TemporalEngine(null, store, state, new EngineLoop(state, options));
        return (engine, engine.RunAsync(options with { Listen = null }, hasThread: false, CancellationToken.None));
    }

    static async Task<TemporalEngine> OpenAsync(
        EngineOptions options, Func<IEngineStore, IEngineStore> decorate, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var folderLock = DataFolderLock.Take(options.DataDirectory);
        IEngineStore? store = null;
        TemporalEngine? engine = null;
        try
        {
            var sqlite = new SqliteEngineStore(options.DataDirectory);
            store = decorate(sqlite);
            var state = new EngineState(options, store);
            engine = new TemporalEngine(folderLock, store, state, new EngineLoop(state, options));
            await engine.RunAsync(options, hasThread: true, cancellationToken);
            sqlite.OnDamage = damage => options.OnFatal(damage.Message, damage);
            EngineLog.Started(
                options.LoggerFactory.CreateLogger<TemporalEngine>(), options.DataDirectory, store.Version,
                state.Workflows.OpenCount, watch.ElapsedMilliseconds);
            return engine;
        }
        catch
        {
            if (engine is not null)
            {
                await engine.DisposeAsync();
                throw;
            }

            store?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    async Task RunAsync(EngineOptions options, bool hasThread, CancellationToken cancellationToken)
    {
        // Subsystems are added here, before Load.
        var schedules = new ScheduleDirectory(State);
        State.Add(schedules);
        State.ScheduleCount = () => schedules.Count;
        State.Add(new Retention(State));
        State.Load();
        if (State.Workflows.InMemoryCount >= ManyWorkflows)
            // What was read to fold them is several times what is left of it; a waiting engine would keep it for hours.
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (hasThread)
            Loop.Start();
        await Loop.RunAsync(State.Namespaces.EnsureDefault);
        // Handlers are added to Services here, then callers are let in.
        _frontend = new(State, Loop, Services);
        AddWorkflowHandlers();
        new VisibilityHandlers(State.Namespaces, _store).AddTo(Services);
        new ScheduleHandlers(State, Loop, schedules).AddTo(Services);
        await _frontend.OpenAsync(options, cancellationToken);
    }

    void AddWorkflowHandlers()
    {
        new WorkflowHandlers(Loop, State).AddTo(Services);
        new WorkflowTaskHandlers(Loop, State).AddTo(Services);
        new ActivityHandlers(Loop, State).AddTo(Services);
        new ActivityControlHandlers(Loop, State).AddTo(Services);
        new HistoryHandlers(Loop, State).AddTo(Services);
        new TaskQueueHandlers(Loop, State).AddTo(Services);
        var updates = new UpdateHandlers(Loop, State);
        updates.AddTo(Services);
        new MultiOperationHandlers(Loop, State, updates).AddTo(Services);
    }

    public async ValueTask DisposeAsync()
    {
        if (_frontend is not null)
            await _frontend.DisposeAsync();
        Loop.Dispose();
        State.Meter.Dispose();
        _store.Dispose();
        _lock?.Dispose();
    }
}

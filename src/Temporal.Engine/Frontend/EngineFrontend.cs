using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>
/// Where calls come in: adds the handlers that are about the server itself, and opens the engine's address, over a socket
/// and inside the process. Handlers about workflows, activities and schedules belong to their subsystems.
/// </summary>
sealed class EngineFrontend : IAsyncDisposable
{
    readonly EngineState _state;
    readonly RpcServiceTable _table;
    readonly BatchHandlers _batches;
    readonly NamespaceDeletion _deletion;
    RpcServer? _server;
    IDisposable? _inProcess;

    /// <summary>Adds its handlers to the engine's table.</summary>
    public EngineFrontend(EngineState state, EngineLoop loop, RpcServiceTable table)
    {
        _state = state;
        _table = table;
        var calls = new OwnCalls(table);
        _batches = new(state, loop, calls);
        _deletion = new(state, loop, calls);
        // Its id is as old as the data folder.
        new SystemHandlers(state.Namespaces.Get(NamespaceRegistry.SystemName).Id).AddTo(table);
        new NamespaceHandlers(state, loop).AddTo(table);
        new SearchAttributeHandlers(state, loop).AddTo(table);
        new WorkerHandlers(state, new(state.Time)).AddTo(table);
        _batches.AddTo(table);
        _deletion.AddTo(table);
        HealthService.AddTo(table, [WorkflowServiceMethods.Service, OperatorServiceMethods.Service], () => loop.IsWritable);
    }

    /// <summary>Where callers reach the engine; empty before it is open.</summary>
    public string Address { get; private set; } = "";

    /// <summary>From here on, callers are answered. All handlers of the engine are in the table by now.</summary>
    public async Task OpenAsync(EngineOptions options, CancellationToken cancellationToken)
    {
        var access = options.ApiKeys.Count > 0 ? new AccessRules(options.ApiKeys, _state.Namespaces) : null;
        var rules = new AdmissionRules(_state.Namespaces, access, options.TimeProvider);
        var serverOptions = new RpcServerOptions
        {
            Tables = [_table],
            Authenticate = access is null ? null : access.Authenticate,
            Admit = rules.CheckAsync,
            Tls = options.Tls is { } tls ? new() { Certificate = tls.Certificate, Key = tls.Key, ClientCa = tls.ClientCa } : null,
            RegisterInProcess = options.RegisterInProcess,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        };
        if (options.Listen is { } listen)
        {
            _server = await RpcServer.StartAsync(serverOptions with { Listen = listen }, cancellationToken);
            Address = _server.Address;
        }
        else
        {
            // A name that no resolver knows, so that such an engine is never mistaken for one on the network.
            Address = $"engine-{Guid.NewGuid():N}.invalid:7233";
            _inProcess = InProcessEndpoints.Register(Address, serverOptions);
        }

        _batches.Resume();
        _deletion.Resume();
    }

    public async ValueTask DisposeAsync()
    {
        _inProcess?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        await _batches.DisposeAsync();
        await _deletion.DisposeAsync();
    }
}

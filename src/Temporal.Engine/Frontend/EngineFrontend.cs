using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>
/// Where calls come in: adds the handlers that are about the server itself, and opens the engine's address, over a socket
/// and inside the process. Handlers about workflows, activities and schedules belong to their subsystems.
/// </summary>
sealed class EngineFrontend : IAsyncDisposable
{
    readonly IAsyncDisposable? _server;
    readonly IDisposable? _inProcess;

    EngineFrontend(string address, IAsyncDisposable? server, IDisposable? inProcess)
    {
        Address = address;
        _server = server;
        _inProcess = inProcess;
    }

    public string Address { get; }

    public static void AddHandlers(RpcServiceTable table, EngineState state, EngineLoop loop)
    {
        // Its id is as old as the data folder.
        new SystemHandlers(state.Namespaces.Get(NamespaceRegistry.SystemName).Id).AddTo(table);
        new NamespaceHandlers(state, loop).AddTo(table);
        new SearchAttributeHandlers(state, loop).AddTo(table);
        HealthService.AddTo(table, [WorkflowServiceMethods.Service, OperatorServiceMethods.Service], () => true);
    }

    /// <summary>From here on, callers are answered.</summary>
    public static async Task<EngineFrontend> OpenAsync(
        EngineOptions options, EngineState state, RpcServiceTable table, CancellationToken cancellationToken)
    {
        var rules = new AdmissionRules(state.Namespaces, options.TimeProvider);
        var serverOptions = new RpcServerOptions
        {
            Tables = [table],
            Admit = rules.CheckAsync,
            RegisterInProcess = options.RegisterInProcess,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        };
        if (options.Listen is { } listen)
        {
            var server = await RpcServer.StartAsync(serverOptions with { Listen = listen }, cancellationToken);
            return new(server.Address, server, inProcess: null);
        }

        // A name that no resolver knows, so that such an engine is never mistaken for one on the network.
        var address = $"engine-{Guid.NewGuid():N}.invalid:7233";
        return new(address, server: null, InProcessEndpoints.Register(address, serverOptions));
    }

    public async ValueTask DisposeAsync()
    {
        _inProcess?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

using Google.Protobuf;
using Temporal.Protocol;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>Between callers and the engine: delays, loses and doubles what is sent, both ways.</summary>
sealed class Network(Simulation simulation)
{
    static readonly Dictionary<string, string> NoMetadata = [];

    // Calls that the engine has and has not answered.
    readonly List<Exchange> _serving = [];

    /// <summary>The engine's process is gone: its connections break.</summary>
    public void Reset()
    {
        foreach (var exchange in _serving)
            Return(() => exchange.Fail(RpcStatus.Unavailable));
        _serving.Clear();
    }

    /// <summary>Exactly one of the two is called, once.</summary>
    public void Call<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan timeout, Action<TResponse> answered, Action<RpcStatus> failed)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var exchange = new Exchange(answer => answered((TResponse)answer), failed);
        simulation.After(timeout, () => exchange.Fail(RpcStatus.DeadlineExceeded));
        Send(method.Path, request, simulation.Now + timeout, exchange);
        if (simulation.Faults.Doubles())
            Send(method.Path, request, simulation.Now + timeout, exchange);
    }

    /// <summary>The same request until it is answered; <paramref name="ended"/> hears the answer, or the status that ends it.</summary>
    public void CallUntilAnswered<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, Action<TResponse?, RpcStatus?> ended)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Call(method, request, TimeSpan.FromSeconds(5), answer => ended(answer, null), status =>
        {
            if (status is RpcStatus.Unavailable or RpcStatus.DeadlineExceeded)
                simulation.After(TimeSpan.FromMilliseconds(300), () => CallUntilAnswered(method, request, ended));
            else
                ended(null, status);
        });

    void Send(string path, IMessage request, DateTimeOffset deadline, Exchange exchange)
    {
        if (!simulation.Faults.Loses())
            simulation.After(simulation.Faults.Delay(), () => _ = ServeAsync(path, request, deadline, exchange));
    }

    async Task ServeAsync(string path, IMessage request, DateTimeOffset deadline, Exchange exchange)
    {
        if (simulation.Engine is not { } engine)
        {
            Return(() => exchange.Fail(RpcStatus.Unavailable));
            return;
        }

        var life = simulation.Life;
        var handler = engine.Services.Handlers[path];
        // Dropped with the process when the engine dies: nobody disposes of it then.
        var gone = new CancellationTokenSource();
        simulation.After(deadline - simulation.Now, gone.Cancel);
        _serving.Add(exchange);
        try
        {
            var answer = await handler.Handle(handler.CloneRequest(request), new(NoMetadata, deadline, gone.Token) { Path = path });
            if (life != simulation.Life)
                return;
            simulation.Ledger.OnAnswer(request, answer);
            var copy = handler.CloneResponse(answer);
            Return(() => exchange.Answer(copy));
        }
        catch (RpcFailure failure)
        {
            if (life != simulation.Life)
                return;
            Rule.Holds(failure.Status is not RpcStatus.Internal, $"{path} meets a bug: {failure.Message}");
            Return(() => exchange.Fail(failure.Status));
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Its caller has stopped waiting, and knows it.
        }
        catch (Exception failure)
        {
            if (life == simulation.Life)
                simulation.Broken ??= failure;
        }
        finally
        {
            if (life == simulation.Life)
                _serving.Remove(exchange);
        }
    }

    void Return(Action arrive)
    {
        if (!simulation.Faults.Loses())
            simulation.After(simulation.Faults.Delay(), arrive);
    }

    sealed class Exchange(Action<IMessage> answered, Action<RpcStatus> failed)
    {
        bool _over;

        public void Answer(IMessage answer)
        {
            if (!_over)
            {
                _over = true;
                answered(answer);
            }
        }

        public void Fail(RpcStatus status)
        {
            if (!_over)
            {
                _over = true;
                failed(status);
            }
        }
    }
}

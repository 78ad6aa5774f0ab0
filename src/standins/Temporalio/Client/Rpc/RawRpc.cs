using System.Collections.Frozen;
using Google.Protobuf;
using Temporal.Protocol;

namespace Temporalio.Client;

/// <summary>Calls by method name, as the raw services make them.</summary>
static partial class RawRpc
{
    static readonly FrozenDictionary<string, Invoker> Invokers = AllInvokers().ToFrozenDictionary(invoker => invoker.Path);

    public static async Task<T> InvokeAsync<T>(
        TemporalConnection connection, string service, string rpc, IMessage request, RpcOptions? options)
    {
        var path = $"/{service}/{rpc}";
        if (!Invokers.TryGetValue(path, out var invoker))
            throw new NotSupportedException($"This build has no method {path}; the official package may have it.");

        return await (Task<T>)invoker.InvokeAsync(connection, request, options);
    }

    static string NamespaceOf(IMessage request) =>
        request.Descriptor.FindFieldByName("namespace")?.Accessor.GetValue(request) as string ?? string.Empty;

    abstract class Invoker
    {
        public abstract string Path { get; }

        public abstract Task InvokeAsync(TemporalConnection connection, IMessage request, RpcOptions? options);
    }

    sealed class Invoker<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method) : Invoker
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        public override string Path => method.Path;

        public override Task InvokeAsync(TemporalConnection connection, IMessage request, RpcOptions? options) =>
            connection.CallAsync(
                method,
                (TRequest)request,
                NamespaceOf(request),
                options?.Retry == true ? RpcRetry.Calls : RpcRetry.None,
                options);
    }

    static Invoker<TRequest, TResponse> For<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => new(method);
}

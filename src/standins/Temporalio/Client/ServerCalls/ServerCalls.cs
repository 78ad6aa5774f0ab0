using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>The last of the interceptors: turns each input into messages, calls the server, and turns the answer back.</summary>
sealed partial class ServerCalls : ClientOutboundInterceptor
{
    readonly TemporalClient _client;
    readonly TemporalConnection _connection;

    public ServerCalls(TemporalClient client)
    {
        _client = client;
        _connection = client.Connection as TemporalConnection
            ?? throw new ArgumentException(
                $"The connection is a {client.Connection.GetType()}; use TemporalConnection.ConnectAsync or CreateLazy.");
    }

    string Namespace => _client.Options.Namespace;

    string Identity => _connection.Options.Identity ?? string.Empty;

    Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcOptions? options)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _connection.CallAsync(
            method, request, Namespace, options?.Retry == false ? RpcRetry.None : RpcRetry.Calls, options);

    DataConverter ConverterFor(string workflowId) =>
        _client.Options.DataConverter.WithSerializationContext(new ISerializationContext.Workflow(Namespace, workflowId));

    static WorkflowExecutionReference Execution(string id, string? runId) => new(id, runId);

    static async Task<Payloads?> PayloadsAsync(DataConverter converter, IReadOnlyCollection<object?>? values) =>
        values is null or { Count: 0 } ? null : new() { Payloads_ = { await converter.ToPayloadsAsync(values) } };

    static async Task<Header?> HeaderAsync(DataConverter converter, IDictionary<string, Payload>? headers)
    {
        if (headers is null)
            return null;

        var header = new Header();
        foreach (var (name, payload) in headers)
            header.Fields[name] = converter.PayloadCodec is { } codec ? await codec.EncodeSingleAsync(payload) : payload;
        return header;
    }

    internal static async Task<UserMetadata?> UserMetadataAsync(DataConverter converter, string? summary, string? details) =>
        summary is null && details is null
            ? null
            : new()
            {
                Summary = summary is null ? null : await converter.ToPayloadAsync(summary),
                Details = details is null ? null : await converter.ToPayloadAsync(details),
            };

    /// <summary>A workflow by its ids, in the form of a message.</summary>
    readonly record struct WorkflowExecutionReference(string Id, string? RunId)
    {
        public static implicit operator Api.Common.V1.WorkflowExecution(WorkflowExecutionReference reference) =>
            new() { WorkflowId = reference.Id, RunId = reference.RunId ?? string.Empty };
    }
}

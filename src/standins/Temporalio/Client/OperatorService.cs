using Google.Protobuf;
using Temporal.Protocol;

namespace Temporalio.Client;

/// <summary>The server's operator API. No retries unless the options ask for them.</summary>
public abstract partial class OperatorService : RpcService
{
    protected OperatorService()
    {
    }

    internal override string FullName => OperatorServiceMethods.Service;

    /// <summary>The service over a connection.</summary>
    public class Core : OperatorService
    {
        readonly TemporalConnection _connection;

        public Core(TemporalConnection connection) => _connection = connection;

        protected override Task<T> InvokeRpcAsync<T>(
            string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options = null) =>
            RawRpc.InvokeAsync<T>(_connection, FullName, rpc, req, options);
    }
}

using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Temporal.Protocol;

/// <summary>
/// A call that ended with another status than OK. A handler throws it to answer so; a channel throws it to its caller.
/// </summary>
/// <param name="status">The gRPC status; never <see cref="RpcStatus.Ok"/>.</param>
/// <param name="message">What the status message says.</param>
/// <param name="details">Typed details, carried in <c>grpc-status-details-bin</c>; empty when there are none.</param>
public sealed class RpcFailure(RpcStatus status, string message, params IReadOnlyList<Any> details) : Exception(message)
{
    public RpcStatus Status { get; } = status;

    public IReadOnlyList<Any> Details { get; } = details;

    /// <summary>A failure with one typed detail, as Temporal's server answers most of its errors.</summary>
    public static RpcFailure WithDetail(RpcStatus status, string message, IMessage detail) =>
        new(status, message, Any.Pack(detail));

    /// <summary>The first detail of type <typeparamref name="T"/>, or null.</summary>
    public T? Detail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in Details)
        {
            if (detail.TryUnpack<T>(out var found))
                return found;
        }

        return null;
    }
}

using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;

namespace Temporalio.Exceptions;

/// <summary>The server answered a call with an error, or could not be reached.</summary>
public class RpcException : TemporalException
{
    /// <param name="code">gRPC status.</param>
    /// <param name="message">The status message.</param>
    /// <param name="rawStatus">The encoded status with details; null when there is none.</param>
    public RpcException(StatusCode code, string message, byte[]? rawStatus)
        : base(message)
    {
        Code = code;
        RawStatus = rawStatus;
        GrpcStatus = new(() => rawStatus is { Length: > 0 } ? Api.Common.V1.GrpcStatus.Parser.ParseFrom(rawStatus) : null);
    }

    internal RpcException(GrpcStatus status)
        : this((StatusCode)status.Code, status.Message, status.ToByteArray())
    {
    }

    /// <summary>The gRPC status of a call, with gRPC's numbers.</summary>
    public enum StatusCode
    {
        OK = 0,
        Cancelled = 1,
        Unknown = 2,
        InvalidArgument = 3,
        DeadlineExceeded = 4,
        NotFound = 5,
        AlreadyExists = 6,
        PermissionDenied = 7,
        ResourceExhausted = 8,
        FailedPrecondition = 9,
        Aborted = 10,
        OutOfRange = 11,
        Unimplemented = 12,
        Internal = 13,
        Unavailable = 14,
        DataLoss = 15,
        Unauthenticated = 16,
    }

    public StatusCode Code { get; }

    public byte[]? RawStatus { get; }

    /// <summary>The status with its typed details; its value is null when the server sent none.</summary>
    public Lazy<GrpcStatus?> GrpcStatus { get; }

    internal static RpcException From(RpcFailure failure)
    {
        var status = new GrpcStatus { Code = (int)failure.Status, Message = failure.Message };
        status.Details.AddRange(failure.Details);
        return new(status);
    }

    /// <summary>The first detail of type <typeparamref name="T"/>, or null.</summary>
    internal T? Detail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in GrpcStatus.Value?.Details ?? [])
        {
            if (detail.TryUnpack<T>(out var found))
                return found;
        }

        return null;
    }
}

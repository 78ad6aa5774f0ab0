using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Temporal.Protocol;

/// <summary>The trailer <c>grpc-status-details-bin</c>: a google.rpc.Status in base64, with or without padding.</summary>
static class StatusDetails
{
    public const string Trailer = "grpc-status-details-bin";

    /// <summary>Longer details are left out rather than risk that the whole answer is refused by a limit on headers.</summary>
    public const int EncodedLengthMax = 256 * 1024;

    /// <summary>Null when there is nothing to say or too much.</summary>
    public static string? Encode(RpcFailure failure)
    {
        if (failure.Details.Count == 0)
            return null;

        var status = new Status { Code = (int)failure.Status, Message = failure.Message };
        status.Details.AddRange(failure.Details);
        var text = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        return text.Length > EncodedLengthMax ? null : text;
    }

    /// <summary>Empty when it cannot be read: the status and message beside it are still worth telling.</summary>
    public static IReadOnlyList<Any> Decode(string text)
    {
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64String(padded, bytes, out var length))
            return [];

        try
        {
            return Status.Parser.ParseFrom(bytes, 0, length).Details;
        }
        catch (InvalidProtocolBufferException)
        {
            return [];
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Temporal.Protocol;

/// <summary>Reads the one message of a request. Statuses and texts are those of the real server's gRPC library.</summary>
static class RequestReader
{
    /// <summary>The message. Its bytes count against <paramref name="budgets"/> until all of them are there and read.</summary>
    public static async ValueTask<IMessage> ReadAsync(
        HttpRequest request, MessageParser parser, int bytesMax, ServerBudgets budgets, CancellationToken cancellationToken)
    {
        var body = request.BodyReader;
        var header = await FillAsync(body, GrpcFrame.HeaderSize, cancellationToken).ConfigureAwait(false);
        var (compressed, length) = HeaderOf(header.Buffer);
        body.AdvanceTo(header.Buffer.GetPosition(GrpcFrame.HeaderSize));
        if (length > bytesMax)
            throw TooLarge("grpc: received message", length, bytesMax);
        if (compressed)
            ThrowUnlessGzip(request.Headers["grpc-encoding"].ToString());

        using var underWay = budgets.Request(length);
        var content = await FillAsync(body, (int)length, cancellationToken).ConfigureAwait(false);
        var message = content.Buffer.Slice(0, length);
        try
        {
            return compressed ? ParseGzip(parser, message, bytesMax) : ParsePlain(parser, message);
        }
        finally
        {
            // What follows the first message of a unary call is ignored.
            body.AdvanceTo(content.Buffer.End);
        }
    }

    static async ValueTask<ReadResult> FillAsync(PipeReader body, int count, CancellationToken cancellationToken)
    {
        var result = await body.ReadAtLeastAsync(count, cancellationToken).ConfigureAwait(false);
        if (result.Buffer.Length >= count)
            return result;

        throw result.Buffer.Length == 0 && count == GrpcFrame.HeaderSize
            ? new RpcFailure(RpcStatus.Unknown, "EOF")
            : new RpcFailure(RpcStatus.Internal, "unexpected EOF");
    }

    static (bool Compressed, uint Length) HeaderOf(ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[GrpcFrame.HeaderSize];
        buffer.Slice(0, GrpcFrame.HeaderSize).CopyTo(header);
        return header[0] <= 1
            ? GrpcFrame.ReadHeader(header)
            : throw new RpcFailure(RpcStatus.Internal, $"grpc: received unexpected payload format {header[0]}");
    }

    static void ThrowUnlessGzip(string encoding)
    {
        if (encoding is "" or "identity")
            throw new RpcFailure(RpcStatus.Internal, "grpc: compressed flag set with identity or empty encoding");
        if (encoding != Gzip.Encoding)
            throw new RpcFailure(RpcStatus.Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
    }

    static IMessage ParseGzip(MessageParser parser, ReadOnlySequence<byte> message, int bytesMax)
    {
        var compressed = ArrayPool<byte>.Shared.Rent((int)message.Length);
        using var plain = new PooledBuffer((int)message.Length * 3);
        try
        {
            message.CopyTo(compressed);
            if (!Gzip.TryDecompress(compressed.AsMemory(0, (int)message.Length), plain, bytesMax))
                throw TooLarge("grpc: received message after decompression", plain.Length, bytesMax);
            return Parse(parser, plain.Span);
        }
        catch (InvalidDataException ex)
        {
            throw new RpcFailure(RpcStatus.Internal, $"grpc: failed to decompress the received message: {ex.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    static IMessage ParsePlain(MessageParser parser, ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
            return Parse(parser, message.FirstSpan);

        using var whole = new PooledBuffer((int)message.Length);
        foreach (var segment in message)
            whole.Write(segment.Span);
        return Parse(parser, whole.Span);
    }

    static IMessage Parse(MessageParser parser, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var request = parser.ParseFrom(bytes);
            return Utf8Strings.AreValid(request.Descriptor, bytes) ? request : throw Unreadable("string field contains invalid UTF-8");
        }
        catch (InvalidProtocolBufferException)
        {
            // The space is one that does not break, as in the library of the real server.
            throw Unreadable("proto:\u00a0cannot parse invalid wire-format data");
        }
    }

    static RpcFailure Unreadable(string reason) => new(RpcStatus.Internal, $"grpc: error unmarshalling request: {reason}");

    public static RpcFailure TooLarge(string what, long found, int limit) =>
        new(RpcStatus.ResourceExhausted, $"{what} larger than max ({found} vs. {limit})");
}

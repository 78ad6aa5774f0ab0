using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>What a server answered: one message, or a status in the trailers (or in the headers when there is no body).</summary>
static class GrpcAnswer
{
    public static async Task<TResponse> ReadAsync<TResponse>(
        HttpResponseMessage answer, MessageParser<TResponse> parser, int bytesMax, CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        ThrowIfNotGrpc(answer);
        using var body = await ReadBodyAsync(answer, bytesMax, cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(Value(answer.TrailingHeaders, "grpc-status") is null ? answer.Headers : answer.TrailingHeaders);

        if (body.Length < GrpcFrame.HeaderSize)
            throw new RpcFailure(RpcStatus.Internal, "The server answered OK without a message.");
        var (compressed, length) = GrpcFrame.ReadHeader(body.Span);
        if (length != body.Length - GrpcFrame.HeaderSize)
            throw new RpcFailure(RpcStatus.Internal, "The server's answer is not exactly one message.");

        var message = body.Memory[GrpcFrame.HeaderSize..];
        if (!compressed)
            return Parse(parser, message.Span);

        using var plain = new PooledBuffer(message.Length * 3);
        Decompress(answer, message, plain, bytesMax);
        return Parse(parser, plain.Span);
    }

    static async Task<PooledBuffer> ReadBodyAsync(HttpResponseMessage answer, int bytesMax, CancellationToken cancellationToken)
    {
        var body = new PooledBuffer(4096);
        try
        {
            using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var read = await stream.ReadAsync(body.GetMemory(1024), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return body;
                body.Advance(read);
                if (body.Length - GrpcFrame.HeaderSize > bytesMax)
                    throw new RpcFailure(RpcStatus.ResourceExhausted, $"The server's answer is longer than the limit of {bytesMax} bytes.");
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>A proxy or a web server in between answers in plain HTTP; gRPC defines what that means.</summary>
    static void ThrowIfNotGrpc(HttpResponseMessage answer)
    {
        if (Value(answer.Headers, "grpc-status") is not null)
            return;

        var type = answer.Content.Headers.ContentType?.MediaType;
        if (answer.StatusCode == HttpStatusCode.OK && type is not null && type.StartsWith("application/grpc", StringComparison.Ordinal))
            return;

        var status = answer.StatusCode switch
        {
            HttpStatusCode.BadRequest => RpcStatus.Internal,
            HttpStatusCode.Unauthorized => RpcStatus.Unauthenticated,
            HttpStatusCode.Forbidden => RpcStatus.PermissionDenied,
            HttpStatusCode.NotFound => RpcStatus.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => RpcStatus.Unavailable,
            _ => RpcStatus.Unknown,
        };
        throw new RpcFailure(
            status,
            $"{answer.RequestMessage?.RequestUri?.Authority} answered HTTP {(int)answer.StatusCode} with content type '{type}', not gRPC.");
    }

    static void ThrowUnlessOk(HttpResponseHeaders headers)
    {
        var text = Value(headers, "grpc-status");
        if (text == "0")
            return;

        var message = StatusText.Decode(Value(headers, "grpc-message") ?? "");
        if (!int.TryParse(text, out var number))
            throw new RpcFailure(
                RpcStatus.Unknown, text is null ? "The answer ended without a grpc-status." : $"grpc-status '{text}': {message}");

        var status = number is > 0 and <= (int)RpcStatus.Unauthenticated ? (RpcStatus)number : RpcStatus.Unknown;
        var details = Value(headers, StatusDetails.Trailer);
        throw new RpcFailure(status, message, details is null ? [] : StatusDetails.Decode(details));
    }

    static void Decompress(HttpResponseMessage answer, ReadOnlyMemory<byte> message, PooledBuffer plain, int bytesMax)
    {
        var encoding = Value(answer.Headers, "grpc-encoding");
        if (encoding != Gzip.Encoding)
            throw new RpcFailure(RpcStatus.Internal, $"The server's answer is compressed with '{encoding}', which was not offered.");

        try
        {
            if (!Gzip.TryDecompress(message, plain, bytesMax))
                throw new RpcFailure(RpcStatus.ResourceExhausted, $"The server's answer is longer than the limit of {bytesMax} bytes.");
        }
        catch (InvalidDataException ex)
        {
            throw new RpcFailure(RpcStatus.Internal, $"The server's answer is not gzip as it says: {ex.Message}");
        }
    }

    static TResponse Parse<TResponse>(MessageParser<TResponse> parser, ReadOnlySpan<byte> bytes)
        where TResponse : IMessage<TResponse>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException ex)
        {
            throw new RpcFailure(RpcStatus.Internal, $"The server's answer cannot be read as {typeof(TResponse).Name}: {ex.Message}");
        }
    }

    static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}

using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Temporal.Protocol;

/// <summary>Writes the answer of one call: a message and trailers, or a failure in the headers alone.</summary>
sealed class AnswerWriter(HttpContext context, ServerBudgets budgets, RpcServerOptions options)
{
    const string GrpcType = "application/grpc";

    /// <summary>grpc-message is a header line; a longer text is cut.</summary>
    const int MessageLengthMax = 16 * 1024;

    /// <summary>False, and answered, when the request is not gRPC at all.</summary>
    public bool Accepts()
    {
        var type = context.Request.ContentType ?? "";
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return false;
        }

        if (type.StartsWith(GrpcType, StringComparison.Ordinal) && (type.Length == GrpcType.Length || type[GrpcType.Length] is '+' or ';'))
        {
            context.Response.ContentType = type;
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        Fail(new(RpcStatus.InvalidArgument, $"invalid gRPC request content-type \"{type}\""));
        return false;
    }

    public async ValueTask SendAsync(IMessage message)
    {
        using var unread = budgets.Answer(message.CalculateSize());

        // As the real server: an answer is compressed if the request said gzip. Small ones are sent as they are all the same.
        var gzip = context.Request.Headers["grpc-encoding"].ToString() == Gzip.Encoding;
        if (gzip)
            context.Response.Headers["grpc-encoding"] = Gzip.Encoding;

        using var frame = GrpcFrame.Write(message, gzip);
        await WriteAsync(frame.Memory).ConfigureAwait(false);
        var trailers = Trailers;
        trailers["grpc-status"] = "0";
        trailers["grpc-message"] = "";
    }

    async ValueTask WriteAsync(ReadOnlyMemory<byte> frame)
    {
        var written = context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted);
        if (written.IsCompleted)
        {
            await written.ConfigureAwait(false);
            return;
        }

        try
        {
            await written.AsTask().WaitAsync(options.AnswerTimeout, options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException ex)
        {
            // A blocked write does not see a cancelled token; the end of its stream ends it.
            context.Abort();
            throw new IOException($"The caller did not read its answer within {options.AnswerTimeout.TotalSeconds:0} s.", ex);
        }
    }

    public void Fail(RpcFailure failure)
    {
        var headers = context.Response.HasStarted ? Trailers : context.Response.Headers;
        var text = failure.Message.Length > MessageLengthMax ? failure.Message[..MessageLengthMax] : failure.Message;
        headers["grpc-status"] = ((int)failure.Status).ToString();
        headers["grpc-message"] = StatusText.Encode(text);
        if (StatusDetails.Encode(failure) is { } details)
            headers[StatusDetails.Trailer] = details;
    }

    IHeaderDictionary Trailers => context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
}

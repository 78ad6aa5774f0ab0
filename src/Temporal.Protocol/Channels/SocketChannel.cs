using System.Net;
using System.Net.Http.Headers;

namespace Temporal.Protocol;

/// <summary>Calls over HTTP/2. Uses the bare invoker: an HttpClient would bring a timeout of its own.</summary>
sealed class SocketChannel : RpcChannel
{
    static readonly string UserAgent = $"maintenance-grpc/{typeof(SocketChannel).Assembly.GetName().Version?.ToString(3)}";

    readonly HttpMessageInvoker _http;
    readonly Uri _server;
    readonly RpcChannelOptions _options;
    readonly IReadOnlyDictionary<string, string> _metadata;
    readonly bool _compress;

    public SocketChannel(
        RpcChannelOptions options, Uri server, HttpMessageHandler handler, IReadOnlyDictionary<string, string> metadata)
    {
        _options = options;
        _server = server;
        _http = new(handler, disposeHandler: true);
        _metadata = metadata;
        _compress = options.Compress ?? !ServerUri.IsThisMachine(server);
    }

    public override async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
    {
        using var deadline = new CallDeadline(options.Timeout, _options.TimeProvider, cancellationToken);
        using var message = RequestFor(method.Path, options);
        message.Content = new FrameContent(GrpcFrame.Write(request, _compress));
        try
        {
            deadline.Token.ThrowIfCancellationRequested();
            using var answer = await _http.SendAsync(message, deadline.Token).ConfigureAwait(false);
            return await GrpcAnswer.ReadAsync(answer, method.ResponseParser, _options.ReceiveBytesMax, deadline.Token)
                .ConfigureAwait(false);
        }
        catch (Exception ex) when (deadline.HasPassed && ex is not RpcFailure)
        {
            throw CallDeadline.Exceeded(method.Path, options.Timeout);
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TransportFailure.Of(ex, _options.Address);
        }
        catch (OperationCanceledException ex) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the caller nor the deadline: connecting took too long, or the channel was disposed.
            throw TransportFailure.Of(ex, _options.Address);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    HttpRequestMessage RequestFor(string path, RpcCallOptions options)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var headers = message.Headers;
        // The handler takes the expected name of the certificate from here.
        headers.Host = _options.Encrypted ? _options.Tls?.ServerName : null;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,gzip");
        if (_compress)
            headers.TryAddWithoutValidation("grpc-encoding", Gzip.Encoding);
        if (options.Timeout is { } timeout)
            headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Write(timeout));

        foreach (var (name, value) in _metadata)
        {
            if (!Has(options.Metadata, name))
                Add(headers, name, value);
        }

        foreach (var (name, value) in options.Metadata)
            Add(headers, name.ToLowerInvariant(), value);
        return message;
    }

    static bool Has(IReadOnlyDictionary<string, string> metadata, string name)
    {
        foreach (var (own, _) in metadata)
        {
            if (own.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    static void Add(HttpRequestHeaders headers, string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || !headers.TryAddWithoutValidation(name, value))
            throw new ArgumentException(
                $"Metadata '{name}' cannot be sent: names are lower-case words, values printable ASCII (base64 under a name that ends in "
                    + "-bin).");
    }
}

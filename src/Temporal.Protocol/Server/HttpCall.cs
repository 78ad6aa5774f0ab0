using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Temporal.Protocol;

/// <summary>One call over HTTP: its path, its deadline, and a token for "nobody waits for the answer any more".</summary>
sealed class HttpCall : IDisposable
{
    readonly CallDeadline _deadline;

    HttpCall(string path, CallDeadline deadline, RpcServerCall forHandler)
    {
        Path = path;
        _deadline = deadline;
        ForHandler = forHandler;
    }

    public string Path { get; }

    public RpcServerCall ForHandler { get; }

    public CancellationToken Token => _deadline.Token;

    public bool DeadlinePassed => _deadline.HasPassed;

    public static HttpCall Of(HttpContext context, RpcServerOptions options, CancellationToken stopping)
    {
        var time = options.TimeProvider;
        var path = context.Request.Path.Value ?? "";
        var timeout = TimeoutOf(context);
        if (timeout <= TimeSpan.Zero)
            throw CallDeadline.Exceeded(path, timeout);

        var deadline = new CallDeadline(timeout, time, context.RequestAborted, stopping);
        var call = new RpcServerCall(new HeaderMetadata(context.Request.Headers), time.GetUtcNow() + timeout, deadline.Token)
        {
            Path = path,
            ClientCertificate = context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate,
        };
        try
        {
            return new(path, deadline, options.Authenticate is { } ask ? call with { Caller = ask(call) } : call);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    public void Dispose() => _deadline.Dispose();

    static TimeSpan? TimeoutOf(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(GrpcTimeout.Header, out var values))
            return null;
        if (GrpcTimeout.TryRead(values.ToString(), out var timeout))
            return timeout;

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        throw new RpcFailure(
            RpcStatus.Internal, $"malformed {GrpcTimeout.Header}: '{values}' is not up to eight digits and one of H, M, S, m, u, n");
    }
}

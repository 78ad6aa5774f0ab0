using Google.Protobuf;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Temporal.Protocol;

/// <summary>What Kestrel calls per request. Sits directly on the server: there is no pipeline between socket and handler.</summary>
sealed class RpcApplication(RpcDispatcher dispatcher, RpcServerOptions options, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    readonly ServerBudgets _budgets = new(options);
    readonly ILogger _logger = options.LoggerFactory.CreateLogger("Temporal.Protocol.Server");

    /// <summary>Kestrel keeps the context with its pooled stream, so that most requests allocate none.</summary>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<HttpContext> container)
            return new DefaultHttpContext(contextFeatures);

        if (container.HostContext is DefaultHttpContext kept)
            kept.Initialize(contextFeatures);
        else
            container.HostContext = new DefaultHttpContext(contextFeatures);
        return container.HostContext;
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var answer = new AnswerWriter(context, _budgets, options);
        if (!answer.Accepts())
            return;

        try
        {
            using var lease = _budgets.Call();
            using var call = HttpCall.Of(context, options, stopping);
            await AnswerAsync(context, answer, call).ConfigureAwait(false);
        }
        catch (RpcFailure failure)
        {
            answer.Fail(failure);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException)
        {
            // The caller is gone; there is nobody to tell.
            RpcServerLog.AnswerNotSent(_logger, context.Request.Path.Value ?? "", ex);
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (context is DefaultHttpContext kept)
            kept.Uninitialize();
    }

    async Task AnswerAsync(HttpContext context, AnswerWriter answer, HttpCall call)
    {
        var handler = dispatcher.Find(call.Path);
        var request = await ReadAsync(context, handler, call).ConfigureAwait(false);
        var response = await dispatcher.AnswerAsync(handler, request, call.ForHandler, () => call.DeadlinePassed).ConfigureAwait(false);
        await answer.SendAsync(response).ConfigureAwait(false);
    }

    async Task<IMessage> ReadAsync(HttpContext context, RpcHandler handler, HttpCall call)
    {
        // Kestrel's own limits see bytes per second; this one ends a body that only just keeps above them.
        using var late = new CallDeadline(options.RequestTimeout, options.TimeProvider, call.Token);
        try
        {
            return await RequestReader.ReadAsync(
                context.Request, handler.RequestParser, options.RequestBytesMax, _budgets, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.HasPassed)
        {
            throw new RpcFailure(
                RpcStatus.DeadlineExceeded, $"The request did not arrive within {options.RequestTimeout.TotalSeconds:0} s.");
        }
    }
}

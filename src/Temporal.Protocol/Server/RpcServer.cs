using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Temporal.Protocol;

/// <summary>A gRPC server on Kestrel: unary calls over HTTP/2, cleartext or TLS.</summary>
public sealed class RpcServer : IAsyncDisposable
{
    const int ResponseBufferBytes = 16 * 1024;

    readonly WebApplication _host;
    readonly IServer _server;
    readonly CancellationTokenSource _stopping;
    readonly IDisposable? _inProcess;
    readonly TimeSpan _stopGrace;
    int _disposed;

    RpcServer(
        WebApplication host, IServer server, CancellationTokenSource stopping, string address, IDisposable? inProcess, TimeSpan stopGrace)
    {
        _host = host;
        _server = server;
        _stopping = stopping;
        Address = address;
        _inProcess = inProcess;
        _stopGrace = stopGrace;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public string Address { get; }

    /// <summary>Listens when it returns. Throws <see cref="IOException"/> when the address is taken.</summary>
    public static async Task<RpcServer> StartAsync(RpcServerOptions options, CancellationToken cancellationToken)
    {
        var dispatcher = new RpcDispatcher(options);
        var endPoint = options.EndPoint;
        var host = Build(options, endPoint);
        var stopping = new CancellationTokenSource();
        try
        {
            // Only the server of the host is started, so that no lifetime of a web host takes this process' signals.
            var server = host.Services.GetRequiredService<IServer>();
            await server.StartAsync(new RpcApplication(dispatcher, options, stopping.Token), cancellationToken).ConfigureAwait(false);
            var address = AddressOf(server);
            var inProcess = options.RegisterInProcess ? InProcessEndpoints.Register(address, dispatcher, options) : null;
            return new(host, server, stopping, address, inProcess, options.StopGrace);
        }
        catch
        {
            stopping.Dispose();
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Cancels the calls under way, gives them the grace to answer, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        _inProcess?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var grace = new CancellationTokenSource(_stopGrace);
        await _server.StopAsync(grace.Token).ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    static WebApplication Build(RpcServerOptions options, IPEndPoint endPoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        // Bytes are read and written on the thread that has them: handlers have threads of their own, and each hop of a call from one
        // thread to the next costs as much as parsing it.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel, options);
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (options.Tls is { } tls)
                    listen.UseHttps(tls.ApplyTo);
            });
        });
        return builder.Build();
    }

    static void SetLimits(KestrelServerOptions kestrel, RpcServerOptions options)
    {
        kestrel.AddServerHeader = false;
        // The size of a message is checked where its frame is read, because the answer must be gRPC's.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
        // What is written and not yet taken stays in memory for each stream, whose number is large.
        kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytes;
        // Who does not read is cut off by the answer timeout, on the server's clock; Kestrel's own rate would do it after 5 s of real time.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = options.StreamsPerConnectionMax;
        http2.MaxRequestHeaderFieldSize = options.HeaderBytesMax;
        http2.KeepAlivePingDelay = options.KeepAliveInterval;
        http2.KeepAlivePingTimeout = options.KeepAliveTimeout;
    }

    static string AddressOf(IServer server)
    {
        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new Uri(address).Authority;
    }
}

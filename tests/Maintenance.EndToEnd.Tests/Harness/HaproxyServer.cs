using System.Net;
using System.Net.Sockets;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A real HAProxy in master-worker mode that serves TLS on a loopback port.</summary>
sealed class HaproxyServer : IAsyncDisposable
{
    readonly Scratch _scratch = new();

    public int Port { get; } = FreePort();

    public string Folder => _scratch.Path;

    public string Config => _scratch["haproxy.cfg"];

    public string PidFile => _scratch["haproxy.pid"];

    public string Certificate => _scratch["tls/site.pem"];

    public string Key => _scratch["tls/site.pem.key"];

    public static async Task<HaproxyServer> StartNewAsync(string name, int days)
    {
        var server = new HaproxyServer();
        await InternalCa.IssueAsync(server.Folder, server.Certificate, server.Key, name, days);
        server._scratch.Write(
            "haproxy.cfg",
            $"""
            defaults
                mode http
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend site
                bind 127.0.0.1:{server.Port} ssl crt {server.Certificate}
                http-request return status 200

            """);
        await Programs.BashAsync($"/usr/sbin/haproxy -W -D -p {server.PidFile} -f {server.Config} >/dev/null 2>&1 </dev/null", server.Folder);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("bash", ["-c", $"kill -TERM $(head -n 1 {PidFile})"]);
        _scratch.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

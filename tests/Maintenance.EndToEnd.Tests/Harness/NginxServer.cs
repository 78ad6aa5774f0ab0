using System.Net;
using System.Net.Sockets;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A real nginx that serves TLS on a loopback port, with a certificate of an internal CA.</summary>
sealed class NginxServer : IAsyncDisposable
{
    public const string Name = "www.example.com";

    readonly Scratch _scratch = new();

    public int Port { get; } = FreePort();

    public string Address => $"127.0.0.1:{Port}";

    public string Certificate => _scratch["tls/site.pem"];

    public string Key => _scratch["tls/site.key"];

    public string CaCertificate => _scratch["ca.pem"];

    public string CaKey => _scratch["ca.key"];

    public string Config => _scratch["nginx.conf"];

    public string Folder => _scratch.Path;

    /// <param name="days">How long the certificate that it serves at first is valid.</param>
    /// <param name="more">Further servers, by the folder of this one, which all users can read.</param>
    public static async Task<NginxServer> StartNewAsync(int days, Func<string, string>? more = null)
    {
        var server = new NginxServer();
        await InternalCa.IssueAsync(server.Folder, server.Certificate, server.Key, Name, days);
        server._scratch.Write("nginx.conf",
            $$"""
            pid {{server.Folder}}/nginx.pid;
            error_log {{server.Folder}}/error.log;
            events { }
            http {
                access_log off;
                client_body_temp_path {{server.Folder}};
                server {
                    listen 127.0.0.1:{{server.Port}} ssl;
                    ssl_certificate {{server.Certificate}};
                    ssl_certificate_key {{server.Key}};
                    location / { return 200 ok; }
                }
                {{more?.Invoke(server.Folder)}}
            }
            """);
        await Programs.BashAsync($"chmod 0755 '{server.Folder}'; /usr/sbin/nginx -c {server.Config} >/dev/null 2>&1 </dev/null", server.Folder);
        return server;
    }

    /// <summary>The serial number of the certificate that a client is given now.</summary>
    public async Task<string> ServedSerialAsync() =>
        (await Programs.BashAsync(
            $"openssl s_client -connect {Address} -servername {Name} </dev/null 2>/dev/null | openssl x509 -noout -serial | cut -d= -f2", Folder)).Trim();

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("/usr/sbin/nginx", ["-c", Config, "-s", "stop"]);
        _scratch.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

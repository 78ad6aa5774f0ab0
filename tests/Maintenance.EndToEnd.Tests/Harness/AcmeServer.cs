using System.Net;
using System.Net.Sockets;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A real test CA that speaks ACME (pebble), with a name server of its own for which every name is this machine.</summary>
sealed class AcmeServer : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    readonly Scratch _scratch = new();
    readonly int _management = FreePort();

    AcmeServer()
    {
    }

    public int Port { get; } = FreePort();

    public string Directory => $"https://localhost:{Port}/dir";

    /// <summary>PEM file with the CA of the server's own certificate.</summary>
    public string Trust => _scratch["ca.pem"];

    /// <summary>The server's own certificate and key.</summary>
    public (string Certificate, string Key) Tls => (_scratch["tls/server.pem"], _scratch["tls/server.key"]);

    /// <summary>PEM file with the root of the certificates that it issues.</summary>
    public string Root => _scratch["root.pem"];

    /// <summary>Where TXT records are set.</summary>
    public int NamesPort { get; } = FreePort();

    /// <param name="httpPort">Where it looks for http-01 challenges, in place of port 80.</param>
    /// <param name="days">How long its certificates are valid.</param>
    public static async Task<AcmeServer> StartNewAsync(int httpPort, int days)
    {
        var server = await PrepareAsync(httpPort, days);
        await server.StartAsync();
        return server;
    }

    /// <summary>All that it needs; nobody listens yet.</summary>
    public static async Task<AcmeServer> PrepareAsync(int httpPort, int days)
    {
        var server = new AcmeServer();
        await InternalCa.IssueAsync(server._scratch.Path, server.Tls.Certificate, server.Tls.Key, "localhost", days: 5);
        server._scratch.Write(
            "pebble.json",
            $$"""
            { "pebble": { "listenAddress": "127.0.0.1:{{server.Port}}", "managementListenAddress": "127.0.0.1:{{server._management}}",
                          "certificate": "{{server.Tls.Certificate}}", "privateKey": "{{server.Tls.Key}}",
                          "httpPort": {{httpPort}}, "tlsPort": {{FreePort()}}, "certificateValidityPeriod": {{days * 86_400}} } }
            """);
        return server;
    }

    public async Task StartAsync()
    {
        var names = FreePort();
        await RunAsync(
            $"pebble-challtestsrv -defaultIPv6 '' -dns01 127.0.0.1:{names} -http01 '' -https01 '' -tlsalpn01 '' -management 127.0.0.1:{NamesPort}", "names");
        await RunAsync($"env PEBBLE_VA_NOSLEEP=1 pebble -config pebble.json -dnsserver 127.0.0.1:{names}", "pebble");
        await Eventually.TrueAsync(
            "the test CA answers", StartLimit,
            async () => (await Programs.RunAsync("curl", ["-sf", "--cacert", Trust, "-o", Root, $"https://localhost:{_management}/roots/0"])).ExitCode == 0,
            () => File.ReadAllText(_scratch["pebble.log"]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in (string[])["pebble", "names"])
            await Programs.RunAsync("bash", ["-c", $"kill -9 $(cat '{_scratch[$"{name}.pid"]}')"]);
        _scratch.Dispose();
    }

    Task RunAsync(string command, string name) => Programs.BashAsync(
        $"{command} >{name}.log 2>&1 </dev/null & echo $! >{name}.pid", _scratch.Path);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

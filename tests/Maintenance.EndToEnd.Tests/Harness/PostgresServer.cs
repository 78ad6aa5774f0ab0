using System.Net;
using System.Net.Sockets;

namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A real Postgres server of one test, on a loopback port of its own.</summary>
sealed class PostgresServer : IAsyncDisposable
{
    readonly Scratch _scratch = new();

    public int Port { get; } = FreePort();

    public string Folder => _scratch.Path;

    string Data => _scratch["data"];

    public static async Task<PostgresServer> StartNewAsync()
    {
        var server = new PostgresServer();
        await Programs.BashAsync($"chmod 755 {server.Folder}; mkdir {server.Data}; chown {Owner} {server.Data} {server.Folder}", server.Folder);
        await Programs.BashAsync(AsOwner($"{Bin}/initdb --pgdata={server.Data} --auth=trust --username=postgres --no-sync"), server.Folder);
        await server.StartAsync();
        return server;
    }

    public Task StartAsync() => Programs.BashAsync(
        AsOwner($"{Bin}/pg_ctl --pgdata={Data} --wait --log={_scratch["log"]} --options='-p {Port} -c listen_addresses=127.0.0.1 -k {Folder} -c fsync=off' start >/dev/null 2>&1 </dev/null"),
        Folder);

    public Task StopAsync() => Programs.BashAsync(AsOwner($"{Bin}/pg_ctl --pgdata={Data} --wait --mode=immediate stop"), Folder);

    public async Task<string> SqlAsync(string sql, string database = "postgres") =>
        (await Programs.RunAsync(
            "psql", ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", database], input: sql)) is { ExitCode: 0 } ended
            ? ended.Output.Trim()
            : throw new InvalidOperationException($"psql failed: {sql}");

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("bash", ["-c", AsOwner($"{Bin}/pg_ctl --pgdata={Data} --mode=immediate stop")]);
        _scratch.Dispose();
    }

    static string Bin { get; } = Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).First() + "/bin";

    // Postgres refuses to run as root, as which containers and build machines run their tests.
    static string Owner => System.Environment.UserName == "root" ? "postgres" : System.Environment.UserName;

    static string AsOwner(string command) => System.Environment.UserName == "root" ? $"runuser -u postgres -- {command}" : command;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

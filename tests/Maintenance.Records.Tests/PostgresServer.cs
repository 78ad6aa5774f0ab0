using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Maintenance.Records.Tests;

/// <summary>A real Postgres in a folder of its own on a free port of 127.0.0.1, gone when the tests are.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    static readonly string[] BinaryFolders = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/local/bin", "/usr/bin"];

    readonly string _folder = Directory.CreateTempSubdirectory("records-pg-").FullName;
    readonly int _port = FreePort();
    Process? _server;
    int _schemas;

    /// <summary>The role that the tests use; a superuser so that they can kill backends.</summary>
    string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Timeout=5;Include Error Detail=true";

    public int Port => _port;

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName == "root")
            await RunAsync("chown", "postgres", _folder);
        await RunAsPostgresAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A connection string with an empty schema of its own.</summary>
    public async Task<string> CreateSchemaAsync()
    {
        var schema = $"t{Interlocked.Increment(ref _schemas)}";
        await ExecuteAsync($"create schema {schema}");
        return $"{ConnectionString};Search Path={schema}";
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<int> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync());
    }

    public async Task StartAsync()
    {
        _server = Start("postgres", "-D", Data, "-p", $"{_port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB");
        await Eventually.Of(
            async () =>
            {
                try
                {
                    await ExecuteAsync("select 1");
                    return "ready";
                }
                catch (NpgsqlException ex)
                {
                    return _server.HasExited ? $"postgres ended with {_server.ExitCode}" : ex.Message;
                }
            },
            state => state == "ready",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Immediate: connections break without a word, as when the machine is gone.</summary>
    public async Task StopAsync()
    {
        if (_server is null)
            return;
        await RunAsPostgresAsync("pg_ctl", "-D", Data, "-m", "immediate", "stop");
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    string Data => Path.Combine(_folder, "data");

    static string Binary(string name) =>
        BinaryFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{name} is not installed; `apt-get install postgresql` brings it.");

    static Task RunAsPostgresAsync(string name, params string[] arguments)
    {
        var (file, all) = AsPostgres(name, arguments);
        return RunAsync(file, all);
    }

    static Process Start(string name, params string[] arguments)
    {
        var (file, all) = AsPostgres(name, arguments);
        var info = new ProcessStartInfo(file, all) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        var process = Process.Start(info) ?? throw new InvalidOperationException($"{name} did not start.");
        // Read, so that a talkative server never blocks on a full pipe.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>initdb and postgres refuse to run as root.</summary>
    static (string File, string[] Arguments) AsPostgres(string name, string[] arguments) =>
        Environment.UserName == "root"
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Binary(name), .. arguments])
            : (Binary(name), arguments);

    static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        }) ?? throw new InvalidOperationException($"{file} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests that only need a schema share one server.</summary>
[CollectionDefinition("postgres")]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;

using System.Net;
using System.Net.Sockets;
using Maintenance.Host.Cli;
using Maintenance.Host.Metrics;
using Temporal.Engine;

namespace Maintenance.Host.Tests.Metrics;

/// <summary>Meters are the process's, so an engine of another test would be in the numbers.</summary>
[CollectionDefinition(nameof(AloneInProcess), DisableParallelization = true)]
public sealed class AloneInProcess;

[Collection(nameof(AloneInProcess))]
public sealed class MetricsExportTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("metrics-").FullName;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    Task<TemporalEngine> StartEngineAsync() => TemporalEngine.StartAsync(new() { DataDirectory = _folder, Listen = null }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Prometheus_reads_what_the_engine_says_and_every_instrument_is_documented()
    {
        var address = $"127.0.0.1:{FreePort()}";
        await using var export = await MetricsExport.StartAsync(new() { Listen = address }, TestContext.Current.CancellationToken);
        await using var engine = await StartEngineAsync();
        using var http = new HttpClient();

        var text = await http.GetStringAsync($"http://{address}/metrics", TestContext.Current.CancellationToken);

        // The first commit makes the namespaces.
        Assert.Contains("# TYPE temporal_engine_commit_duration_seconds histogram", text, StringComparison.Ordinal);
        Assert.Contains("temporal_engine_commit_duration_seconds_bucket{le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("temporal_engine_commit_requests_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("temporal_engine_writable 1\n", text, StringComparison.Ordinal);
        Assert.Contains("temporal_engine_workflows_open 0\n", text, StringComparison.Ordinal);
        Assert.Equal(Documented(), text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]));
    }

    /// <summary>The instruments of the reference, by the names that Prometheus sees.</summary>
    static IEnumerable<string> Documented()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maintenance.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return File.ReadLines(Path.Combine(folder, "docs", "reference", "metrics.md"))
            .Where(line => line.StartsWith("| `temporal.engine.", StringComparison.Ordinal))
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
            .Select(cells => cells[1].Trim('`').Replace('.', '_')
                + (cells[3] switch { "s" => "_seconds", "bytes" => "_bytes", _ => "" }) + (cells[2] == "counter" ? "_total" : ""))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_collector_gets_the_metrics_over_OTLP()
    {
        var port = FreePort();
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        var received = collector.GetContextAsync();
        await using (await MetricsExport.StartAsync(new() { OtlpEndpoint = $"http://127.0.0.1:{port}", OtlpInterval = TimeSpan.FromSeconds(1) }, TestContext.Current.CancellationToken))
        {
            await using var engine = await StartEngineAsync();
            var request = await received.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            using var content = new MemoryStream();
            await request.Request.InputStream.CopyToAsync(content, TestContext.Current.CancellationToken);
            request.Response.Close();

            Assert.Equal("/v1/metrics", request.Request.Url!.AbsolutePath);
            Assert.Equal("application/x-protobuf", request.Request.ContentType);
            Assert.Contains("temporal.engine.commit.duration", System.Text.Encoding.Latin1.GetString(content.ToArray()), StringComparison.Ordinal);
            _ = AnswerAllAsync(collector);
        }
    }

    static async Task AnswerAllAsync(HttpListener collector)
    {
        try
        {
            while (true)
                (await collector.GetContextAsync()).Response.Close();
        }
        catch (Exception ex) when (ex is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refused = await Assert.ThrowsAsync<CommandFailure>(() => MetricsExport.StartAsync(
            new() { Listen = $"{other.LocalEndpoint}" }, TestContext.Current.CancellationToken));

        Assert.Equal(ExitCode.Busy, refused.ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

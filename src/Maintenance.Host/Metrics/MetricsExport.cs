using System.Net;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Maintenance.Host.Metrics;

/// <summary>
/// Gives this process's metrics away: as Prometheus text on an address of its own, and to an OpenTelemetry collector. Both are off unless
/// set.
/// </summary>
sealed class MetricsExport : IAsyncDisposable
{
    /// <summary>The meters that are ours. Their instruments are listed in docs/reference/metrics.md.</summary>
    static readonly string[] Meters = ["Temporal.Engine"];

    PrometheusText? _text;
    WebApplication? _server;
    MeterProvider? _collector;

    /// <summary>Before the engine starts, so that nothing is missed.</summary>
    /// <exception cref="CommandFailure">The address is taken.</exception>
    public static async Task<MetricsExport> StartAsync(MetricsSettings settings, CancellationToken cancellationToken)
    {
        var export = new MetricsExport();
        if (settings.OtlpEndpoint.Length > 0)
            export._collector = ToCollector(settings);
        if (settings.Listen.Length > 0)
            await export.ListenAsync(settings.Listen, cancellationToken);
        return export;
    }

    static MeterProvider ToCollector(MetricsSettings settings) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(Meters)
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Endpoint = new Uri(settings.OtlpEndpoint.TrimEnd('/') + "/v1/metrics");
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.OtlpInterval.TotalMilliseconds;
        })
        .Build();

    async Task ListenAsync(string listen, CancellationToken cancellationToken)
    {
        var text = _text = new PrometheusText(Meters);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(listen)));
        _server = builder.Build();
        _server.MapGet("/metrics", () => Results.Text(text.Write(), "text/plain; version=0.0.4"));
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException)
        {
            throw new CommandFailure(
                ExitCode.Busy, $"Metrics:Listen: another program listens on {listen}; stop it, or choose another port.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _text?.Dispose();
        // Sends what is left.
        _collector?.Dispose();
    }
}

using System.Data.Common;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Temporalio.Exceptions;

namespace Maintenance.Host.Logging;

/// <summary>
/// The host's logger: Serilog to stderr, and to Seq when one is set. The section <c>Serilog</c> of the settings file is honoured.
/// </summary>
static class HostLogging
{
    const string ConsoleLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}";

    const long SeqBufferBytesMax = 64 * 1024 * 1024;

    public static ILoggerFactory Create(HostSettings settings, IConfiguration configuration, string? seqBuffer)
    {
        var logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Application", "maintenance")
            .WriteTo.Logger(passing => passing
                .MinimumLevel.Verbose().Filter.ByExcluding(NeedsItsStack).Enrich.With<TroubleInWords>()
                .WriteTo.Console(outputTemplate: $"{ConsoleLine}{{Trouble}}{{NewLine}}", standardErrorFromLevel: LogEventLevel.Verbose))
            .WriteTo.Logger(unexpected => unexpected
                .MinimumLevel.Verbose().Filter.ByIncludingOnly(NeedsItsStack)
                .WriteTo.Console(outputTemplate: $"{ConsoleLine}{{NewLine}}{{Exception}}", standardErrorFromLevel: LogEventLevel.Verbose));

        if (settings.Seq.ServerUrl.Length > 0)
        {
            logging.WriteTo.Seq(
                settings.Seq.ServerUrl,
                apiKey: settings.Seq.ApiKey.Length > 0 ? settings.Seq.ApiKey : null,
                bufferBaseFilename: seqBuffer is null ? null : Path.Combine(seqBuffer, "log"),
                bufferSizeLimitBytes: SeqBufferBytesMax);
        }

        // Reading the section scans assemblies, which costs a start a tenth of a second: only when it is there.
        if (configuration.GetSection("Serilog").Exists())
            logging.ReadFrom.Configuration(configuration);
        return new SerilogLoggerFactory(logging.CreateLogger(), dispose: true);
    }

    /// <summary>A disk that is full, a server that is away: of those the words are wanted, not where in the program it was noticed.</summary>
    static bool NeedsItsStack(LogEvent happened) =>
        happened is { Level: >= LogEventLevel.Error, Exception: not (null or IOException or DbException or RpcException) };
}

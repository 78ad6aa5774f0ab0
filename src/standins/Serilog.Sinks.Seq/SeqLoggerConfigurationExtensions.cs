using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.Seq;
using Serilog.Sinks.Seq.Formatting;
using Serilog.Sinks.Seq.Http;

namespace Serilog;

/// <summary>Adds <c>WriteTo.Seq</c> and <c>AuditTo.Seq</c> to the logger configuration.</summary>
public static class SeqLoggerConfigurationExtensions
{
    /// <summary>
    /// Sends events to a Seq server in batches, from memory or, with <paramref name="bufferBaseFilename"/>, from files that survive the
    /// process.
    /// </summary>
    /// <param name="loggerSinkConfiguration">The logger configuration.</param>
    /// <param name="serverUrl">Base address of the server, such as <c>http://localhost:5341</c>.</param>
    /// <param name="restrictedToMinimumLevel">Events below this level are not sent.</param>
    /// <param name="batchPostingLimit">At most this many events in one request. Default 1000.</param>
    /// <param name="period">How long events are collected before they are sent. Default 2 seconds.</param>
    /// <param name="apiKey">Authenticates this client to the server; sent as <c>X-Seq-ApiKey</c>.</param>
    /// <param name="bufferBaseFilename">Path and beginning of the names of the buffer files. Null: events wait in memory.</param>
    /// <param name="bufferSizeLimitBytes">At most this much is kept in buffer files; beyond it the oldest events are dropped, and their
    /// number is reported. Default: no limit.</param>
    /// <param name="eventBodyLimitBytes">A larger event is replaced by a short one that says so. Null: no limit. Default 256 KiB.</param>
    /// <param name="controlLevelSwitch">Follows the level that the server has set for the API key.</param>
    /// <param name="messageHandler">Used in place of the default HTTP handler.</param>
    /// <param name="retainedInvalidPayloadsLimitBytes">How much of what the server refused is kept beside the buffer files. Default 10
    /// MiB.</param>
    /// <param name="queueSizeLimit">Events that wait in memory; beyond it new ones are dropped, and their number is reported. Default
    /// 100,000. Not for buffer files.</param>
    /// <param name="payloadFormatter">Writes one event as one line of CLEF, in place of the default.</param>
    /// <param name="formatProvider">Culture for renderings of formatted properties.</param>
    public static LoggerConfiguration Seq(
        this LoggerSinkConfiguration loggerSinkConfiguration,
        string serverUrl,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        int batchPostingLimit = 1000,
        TimeSpan? period = null,
        string? apiKey = null,
        string? bufferBaseFilename = null,
        long? bufferSizeLimitBytes = null,
        long? eventBodyLimitBytes = 256 * 1024,
        LoggingLevelSwitch? controlLevelSwitch = null,
        HttpMessageHandler? messageHandler = null,
        long? retainedInvalidPayloadsLimitBytes = null,
        int queueSizeLimit = 100_000,
        ITextFormatter? payloadFormatter = null,
        IFormatProvider? formatProvider = null)
    {
        ArgumentNullException.ThrowIfNull(loggerSinkConfiguration);
        ArgumentNullException.ThrowIfNull(serverUrl);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchPostingLimit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queueSizeLimit);
        if (bufferSizeLimitBytes is < 0)
            throw new ArgumentOutOfRangeException(nameof(bufferSizeLimitBytes), bufferSizeLimitBytes, "The limit must not be negative.");

        var sink = new SeqSink(new()
        {
            ServerUrl = serverUrl,
            BatchPostingLimit = batchPostingLimit,
            Period = period ?? SeqSinkOptions.DefaultPeriod,
            ApiKey = apiKey,
            BufferBaseFilename = bufferBaseFilename,
            BufferSizeLimitBytes = bufferSizeLimitBytes,
            EventBodyLimitBytes = eventBodyLimitBytes,
            ControlLevelSwitch = controlLevelSwitch,
            MessageHandler = messageHandler,
            RetainedInvalidPayloadsLimitBytes = retainedInvalidPayloadsLimitBytes ?? SeqSinkOptions.DefaultRetainedInvalidBytes,
            QueueSizeLimit = queueSizeLimit,
            Formatter = payloadFormatter ?? new ClefFormatter(formatProvider),
        });
        return loggerSinkConfiguration.Sink(sink, restrictedToMinimumLevel);
    }

    /// <summary>Sends every event at once, one request each; what goes wrong is thrown at the place that logged.</summary>
    /// <param name="loggerAuditSinkConfiguration">The logger configuration.</param>
    /// <param name="serverUrl">Base address of the server.</param>
    /// <param name="restrictedToMinimumLevel">Events below this level are not sent.</param>
    /// <param name="apiKey">Authenticates this client to the server.</param>
    /// <param name="messageHandler">Used in place of the default HTTP handler.</param>
    /// <param name="payloadFormatter">Writes one event as one line of CLEF, in place of the default.</param>
    /// <param name="formatProvider">Culture for renderings of formatted properties.</param>
    public static LoggerConfiguration Seq(
        this LoggerAuditSinkConfiguration loggerAuditSinkConfiguration,
        string serverUrl,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        string? apiKey = null,
        HttpMessageHandler? messageHandler = null,
        ITextFormatter? payloadFormatter = null,
        IFormatProvider? formatProvider = null)
    {
        ArgumentNullException.ThrowIfNull(loggerAuditSinkConfiguration);
        ArgumentNullException.ThrowIfNull(serverUrl);

        var api = new SeqIngestionApi(serverUrl, apiKey, messageHandler, TimeProvider.System);
        return loggerAuditSinkConfiguration.Sink(
            new SeqAuditSink(api, payloadFormatter ?? new ClefFormatter(formatProvider)), restrictedToMinimumLevel);
    }
}

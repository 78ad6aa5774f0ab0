using Serilog.Core;
using Serilog.Formatting;

namespace Serilog.Sinks.Seq;

/// <summary>The parameters of <c>WriteTo.Seq</c>, and the clock for tests.</summary>
sealed record SeqSinkOptions
{
    public const long DefaultRetainedInvalidBytes = 10 * 1024 * 1024;
    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(2);

    public required string ServerUrl { get; init; }
    public required int BatchPostingLimit { get; init; }
    public required TimeSpan Period { get; init; }
    public string? ApiKey { get; init; }
    public string? BufferBaseFilename { get; init; }
    public long? BufferSizeLimitBytes { get; init; }
    public long? EventBodyLimitBytes { get; init; }
    public LoggingLevelSwitch? ControlLevelSwitch { get; init; }
    public HttpMessageHandler? MessageHandler { get; init; }
    public required long RetainedInvalidPayloadsLimitBytes { get; init; }
    public required int QueueSizeLimit { get; init; }
    public required ITextFormatter Formatter { get; init; }

    /// <summary>How long a dispose waits for the last batches.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

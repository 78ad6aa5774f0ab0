using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Seq.Buffers;
using Serilog.Sinks.Seq.Formatting;
using Serilog.Sinks.Seq.Http;

namespace Serilog.Sinks.Seq;

/// <summary>Writes events as lines into a buffer; the <see cref="EventPump"/> carries them to the server.</summary>
sealed class SeqSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    readonly LineFormatter _formatter;
    readonly LevelControl _level;
    readonly IEventBuffer _buffer;
    readonly SeqIngestionApi _api;
    readonly EventPump _pump;
    int _disposed;

    public SeqSink(SeqSinkOptions options)
    {
        _formatter = new(options.Formatter, options.EventBodyLimitBytes);
        _level = new(options.ControlLevelSwitch);
        _buffer = OpenBuffer(options);
        _api = new(options.ServerUrl, options.ApiKey, options.MessageHandler, options.Time);
        _pump = new(_buffer, _api, _level, options);
    }

    public void Emit(LogEvent logEvent)
    {
        if (!_level.IsIncluded(logEvent.Level) || Volatile.Read(ref _disposed) != 0)
            return;

        _buffer.Append(_formatter.Format(logEvent));
        _pump.Wake();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        await _pump.DisposeAsync().ConfigureAwait(false);
        _api.Dispose();
        _buffer.Dispose();
    }

    static IEventBuffer OpenBuffer(SeqSinkOptions options)
    {
        if (options.BufferBaseFilename is not { } baseName)
            return new MemoryBuffer(options.QueueSizeLimit);

        try
        {
            return new FileBuffer(baseName, options.BufferSizeLimitBytes);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Logging must not keep the program from starting; events wait in memory instead.
            SelfLog.WriteLine(
                "The Seq buffer {0} cannot be used ({1}); events wait in memory. Is another process using it?", baseName, ex.Message);
            return new MemoryBuffer(options.QueueSizeLimit);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Temporal.Engine.Tests;

/// <summary>Keeps what is logged, with its event id.</summary>
sealed class LogLines : ILoggerFactory, ILogger
{
    readonly ConcurrentQueue<(int EventId, string Text)> _lines = new();

    public IEnumerable<string> Of(int eventId) => _lines.Where(line => line.EventId == eventId).Select(line => line.Text);

    /// <summary>The last few, for people.</summary>
    public string Newest => string.Join('\n', _lines.TakeLast(3).Select(line => line.Text));

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.Seq.Formatting;
using Serilog.Sinks.Seq.Http;

namespace Serilog.Sinks.Seq;

/// <summary>One request per event, and the caller learns how it went.</summary>
sealed class SeqAuditSink(SeqIngestionApi api, ITextFormatter formatter) : ILogEventSink, IDisposable
{
    readonly LineFormatter _formatter = new(formatter, eventBodyLimitBytes: null);

    public void Emit(LogEvent logEvent)
    {
        var outcome = api.PostAsync([_formatter.Format(logEvent)], CancellationToken.None).GetAwaiter().GetResult();
        if (outcome is not IngestionOutcome.Accepted)
            throw new InvalidOperationException($"The event was not accepted by Seq: {outcome.Reason}");
    }

    public void Dispose() => api.Dispose();
}

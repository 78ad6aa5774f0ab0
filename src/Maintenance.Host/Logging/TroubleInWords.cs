using Serilog.Core;
using Serilog.Events;

namespace Maintenance.Host.Logging;

/// <summary>Adds what went wrong, and what was behind it, as one line of words.</summary>
sealed class TroubleInWords : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Exception is { } trouble && Words(trouble, logEvent.RenderMessage()) is { Length: > 0 } words)
            logEvent.AddOrUpdateProperty(new("Trouble", new ScalarValue(words)));
    }

    /// <summary>Without what the message says already.</summary>
    static string Words(Exception trouble, string said)
    {
        var words = "";
        for (var cause = trouble; cause is not null; cause = cause.InnerException)
        {
            var reason = cause.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            if (!said.Contains(reason, StringComparison.Ordinal) && !words.Contains(reason, StringComparison.Ordinal))
                words += $": {reason}";
        }

        return words;
    }
}

using Serilog.Events;

namespace Serilog.Sinks.Seq.Http;

/// <summary>What the server did with a batch.</summary>
abstract record IngestionOutcome(string Reason)
{
    /// <param name="MinimumLevel">The level that the server wants from this API key; null when it has no wish.</param>
    public sealed record Accepted(LogEventLevel? MinimumLevel) : IngestionOutcome("accepted");

    /// <summary>Something in the batch is not wanted and will never be: malformed or too large.</summary>
    public sealed record Refused(int StatusCode, string Reason) : IngestionOutcome(Reason);

    /// <summary>Not the events' fault: away, overloaded, or a wrong key. Worth trying again.</summary>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : IngestionOutcome(Reason);
}

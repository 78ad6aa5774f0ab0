namespace Maintenance.Records.Reports;

/// <summary>One place outside that messages are delivered to.</summary>
public interface IOutboxReceiver
{
    /// <summary>Which messages are for it: <see cref="OutboxMessage.Target"/>.</summary>
    string Target { get; }

    /// <summary>How many messages go in one delivery.</summary>
    int BatchMax { get; }

    /// <summary>Older messages are given up: a call for help from yesterday wakes nobody usefully. Null: never too old.</summary>
    TimeSpan? AgeMax { get; }

    Task<Delivery> DeliverAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);
}

/// <summary>How a delivery went.</summary>
public abstract record Delivery
{
    public sealed record Delivered : Delivery;

    /// <summary>At least one of the messages is not wanted and will never be.</summary>
    public sealed record Refused(string Reason) : Delivery;

    /// <summary>Not the messages' fault; they are tried again.</summary>
    public sealed record Away(string Reason, TimeSpan? RetryAfter = null) : Delivery;
}

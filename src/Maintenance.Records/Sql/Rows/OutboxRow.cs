namespace Maintenance.Records;

sealed record OutboxRow
{
    public required string MessageId { get; init; }
    public required string RunId { get; init; }
    public required string Target { get; init; }
    public int Sequence { get; init; }
    public required string Kind { get; init; }
    public required string Payload { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public int Failures { get; init; }
    public string? LastError { get; init; }

    public static OutboxRow Of(OutboxMessage message) => new()
    {
        MessageId = message.Id,
        RunId = message.RunId,
        Target = message.Target,
        Sequence = message.Sequence,
        Kind = message.Kind,
        Payload = StoredJson.Text(message.PayloadJson),
        CreatedAt = StoredTime.Of(message.CreatedAt),
    };

    public OutboxMessage ToMessage() => new()
    {
        Id = MessageId,
        RunId = RunId,
        Target = Target,
        Sequence = Sequence,
        Kind = Kind,
        PayloadJson = Payload,
        CreatedAt = CreatedAt,
        Failures = Failures,
        LastError = LastError,
    };
}

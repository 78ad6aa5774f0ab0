namespace Maintenance.Records;

sealed record OutageRow
{
    public DateTimeOffset BeganAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
    public required string Reason { get; init; }
}

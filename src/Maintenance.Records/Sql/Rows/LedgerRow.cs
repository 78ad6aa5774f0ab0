namespace Maintenance.Records;

sealed record LedgerRow
{
    public DateTimeOffset AccountedUntil { get; init; }
    public DateTimeOffset SeenAt { get; init; }
}

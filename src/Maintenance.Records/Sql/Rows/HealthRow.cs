namespace Maintenance.Records;

sealed record HealthRow
{
    public long Pending { get; init; }
    public DateTimeOffset? OldestPendingAt { get; init; }
    public long Dead { get; init; }
}

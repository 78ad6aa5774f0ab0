namespace Maintenance.Records;

sealed record HostSeenRow
{
    public required string HostId { get; init; }
    public required DateTimeOffset SeenAt { get; init; }
}

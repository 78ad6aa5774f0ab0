namespace Maintenance.Records;

sealed record AlarmRow
{
    public required string Name { get; init; }
    public required string Message { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset SeenAt { get; init; }
}

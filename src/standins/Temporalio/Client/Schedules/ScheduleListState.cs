namespace Temporalio.Client.Schedules;

/// <summary>What lists show of a schedule's state.</summary>
public record ScheduleListState(string? Note, bool Paused);

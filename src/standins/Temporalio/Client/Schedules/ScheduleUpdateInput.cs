namespace Temporalio.Client.Schedules;

/// <summary>What an update starts from.</summary>
public record ScheduleUpdateInput(ScheduleDescription Description);

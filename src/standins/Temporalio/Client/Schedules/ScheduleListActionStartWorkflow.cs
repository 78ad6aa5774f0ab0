namespace Temporalio.Client.Schedules;

/// <summary>Starts a workflow of this name.</summary>
public record ScheduleListActionStartWorkflow(string Workflow) : ScheduleListAction;

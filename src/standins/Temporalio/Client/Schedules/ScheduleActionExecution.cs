namespace Temporalio.Client.Schedules;

/// <summary>What an action did.</summary>
public abstract record ScheduleActionExecution
{
    protected ScheduleActionExecution()
    {
    }
}

namespace Temporalio.Client.Schedules;

/// <summary>What lists show of an action.</summary>
public abstract record ScheduleListAction
{
    protected ScheduleListAction()
    {
    }
}

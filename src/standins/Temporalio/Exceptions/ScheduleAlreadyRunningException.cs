namespace Temporalio.Exceptions;

/// <summary>A schedule of the same id exists.</summary>
public class ScheduleAlreadyRunningException : FailureException
{
    public ScheduleAlreadyRunningException()
        : base("Schedule already running")
    {
    }
}

namespace Temporalio.Exceptions;

/// <summary>A heartbeat of an asynchronously completed activity was answered with a request to cancel.</summary>
public class AsyncActivityCanceledException : TemporalException
{
    public AsyncActivityCanceledException()
        : base("Activity canceled")
    {
    }
}

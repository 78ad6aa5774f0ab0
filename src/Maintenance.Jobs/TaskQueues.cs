namespace Maintenance.Jobs;

/// <summary>Job workflows and their own activities share one queue; scripts go to the queue of the host that shall run them.</summary>
public static class TaskQueues
{
    public const string Control = "maintenance";

    public static string OfHost(string hostId) => "maintenance-host-" + hostId;
}

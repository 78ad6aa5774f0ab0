using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Worker.Operations;

namespace Temporalio.Worker.History;

/// <summary>
/// What a workflow task's completion left in history, read before the task is replayed: the updates it accepted, the patches it
/// recorded, the local activities that ended in it. They have to reach the code in the same task again.
/// </summary>
sealed class CompletedTask
{
    public static readonly CompletedTask None = new();

    public List<WorkflowExecutionUpdateAcceptedEventAttributes> Updates { get; } = [];

    public List<string> Patches { get; } = [];

    public List<LocalActivityMarker> LocalActivities { get; } = [];

    public WorkerDeploymentVersion? DeploymentVersion { get; private set; }

    /// <summary>Reads the events from <paramref name="from"/> up to the next task.</summary>
    public static CompletedTask Read(IReadOnlyList<HistoryEvent> events, int from)
    {
        if (from >= events.Count || events[from].EventType != EventType.WorkflowTaskCompleted)
            return None;

        var task = new CompletedTask();
        if (events[from].WorkflowTaskCompletedEventAttributes.DeploymentVersion is { BuildId.Length: > 0 } version)
            task.DeploymentVersion = new(version.DeploymentName, version.BuildId);
        for (var i = from + 1; i < events.Count && events[i].EventType != EventType.WorkflowTaskStarted; i++)
            task.Read(events[i]);
        return task;
    }

    void Read(HistoryEvent e)
    {
        if (e.EventType == EventType.WorkflowExecutionUpdateAccepted)
            Updates.Add(e.WorkflowExecutionUpdateAcceptedEventAttributes);
        else if (PatchMarker.Read(e) is { } patch)
            Patches.Add(patch.Id);
        else if (LocalActivityMarker.Read(e) is { } local)
            LocalActivities.Add(local);
    }
}

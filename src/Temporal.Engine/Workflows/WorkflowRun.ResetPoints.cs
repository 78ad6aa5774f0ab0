using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;

namespace Temporal.Engine;

/// <summary>Where the chain of runs could be reset to: the first task that each build of workers completed.</summary>
sealed partial class WorkflowRun
{
    const int ResetPointsMax = 20;

    readonly List<ResetPointInfo> _resetPoints = [];

    public ResetPoints ResetPoints => new() { Points = { _resetPoints } };

    void NoteResetPoint(HistoryEvent one)
    {
        var completed = one.WorkflowTaskCompletedEventAttributes;
#pragma warning disable CS0612 // Deprecated, and still how workers without versioning say what they are.
        var (checksum, buildId) = (completed.BinaryChecksum, completed.WorkerVersion?.BuildId ?? "");
        if (_resetPoints.Any(point => point.BinaryChecksum == checksum && point.BuildId == buildId))
            return;
        _resetPoints.Add(new()
        {
            BinaryChecksum = checksum,
            BuildId = buildId,
            RunId = RunId,
            FirstWorkflowTaskCompletedId = one.EventId,
            CreateTime = one.EventTime,
            Resettable = Children.Count == 0 && PendingExternalCancels.Count == 0 && PendingExternalSignals.Count == 0,
        });
#pragma warning restore CS0612
        if (_resetPoints.Count > ResetPointsMax)
            _resetPoints.RemoveAt(0);
    }

    /// <summary>The points as the next run of the chain takes them over: this run's own ones last as long as this run is kept.</summary>
    public ResetPoints? HandOverResetPoints(DateTime now)
    {
        if (_resetPoints.Count == 0)
            return null;
        var handed = new ResetPoints();
        foreach (var point in _resetPoints.Where(point => point.ExpireTime is null || point.ExpireTime.ToDateTime() >= now))
        {
            var copy = point.Clone();
            if (copy.RunId == RunId)
                copy.ExpireTime = Timestamp.FromDateTime(now + Namespace.Retention);
            handed.Points.Add(copy);
        }

        return handed;
    }
}

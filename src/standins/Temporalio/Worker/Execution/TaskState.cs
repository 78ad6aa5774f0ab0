using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;

namespace Temporalio.Worker.Execution;

/// <summary>What the current workflow task says about itself.</summary>
sealed class TaskState
{
    public DateTime UtcNow { get; private set; }

    public int HistoryLength { get; private set; }

    public int HistorySize { get; private set; }

    public bool ContinueAsNewSuggested { get; private set; }

    public bool TargetDeploymentVersionChanged { get; private set; }

    public IReadOnlyCollection<Workflows.SuggestContinueAsNewReason> ContinueAsNewReasons { get; private set; } = [];

    public WorkerDeploymentVersion? DeploymentVersion { get; set; }

    public void Start(HistoryEvent started)
    {
        var attributes = started.WorkflowTaskStartedEventAttributes;
        AdvanceTo(started.EventTime.ToDateTime());
        HistoryLength = (int)started.EventId;
        HistorySize = (int)attributes.HistorySizeBytes;
        ContinueAsNewSuggested = attributes.SuggestContinueAsNew;
        TargetDeploymentVersionChanged = attributes.TargetWorkerDeploymentVersionChanged;
        ContinueAsNewReasons = attributes.SuggestContinueAsNewReasons.Count == 0
            ? []
            : [.. attributes.SuggestContinueAsNewReasons.Select(reason => (Workflows.SuggestContinueAsNewReason)(int)reason)];
    }

    /// <summary>A workflow's time never goes back, whatever the server's clock does.</summary>
    public void AdvanceTo(DateTime time)
    {
        if (time > UtcNow)
            UtcNow = time;
    }
}

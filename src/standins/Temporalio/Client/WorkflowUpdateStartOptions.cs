namespace Temporalio.Client;

/// <summary>How an update is started. <see cref="WaitForStage"/> is required.</summary>
public class WorkflowUpdateStartOptions : WorkflowUpdateOptions
{
    public WorkflowUpdateStartOptions()
    {
    }

    /// <param name="waitForStage">Accepted or completed.</param>
    public WorkflowUpdateStartOptions(WorkflowUpdateStage waitForStage) => WaitForStage = waitForStage;

    /// <param name="id">The update's id.</param>
    /// <param name="waitForStage">Accepted or completed.</param>
    public WorkflowUpdateStartOptions(string id, WorkflowUpdateStage waitForStage)
        : base(id) => WaitForStage = waitForStage;

    /// <summary>The call returns at this stage: accepted or completed.</summary>
    public WorkflowUpdateStage WaitForStage { get; set; }
}

using Maintenance.Records;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>What the run has written so far, for who follows it.</summary>
public sealed partial class JobRunWorkflow
{
    /// <param name="known">Activity ids of the attempts that the asker has.</param>
    [WorkflowQuery("log")]
    public RunLogView Log(IReadOnlyList<string> known) => new()
    {
        Status = _progress?.Status ?? RunStatus.Running,
        Reason = _progress?.Reason,
        Attempts =
        [
            .. (_progress?.Steps ?? [])
                .SelectMany(step => step.Attempts.Select(attempt => AttemptLogView.Of(step, attempt)))
                .Where(attempt => !known.Contains(attempt.ActivityId)),
        ],
    };
}

using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>The end of a run: record and messages, by this run or, when the database stays away, by a workflow of their own.</summary>
public sealed partial class JobRunWorkflow
{
    async Task FinishAsync()
    {
        Progress.Phase = "finish";
        Progress.WaitingFor = new WaitView { Kind = "record", Until = Now() + Begun.Limits.FinishTimeLimit };
        var record = Progress.ToRecord(Now());
        try
        {
            await Workflow.ExecuteActivityAsync(
                (ControlActivities a) => a.FinishAsync(record),
                new ActivityOptions
                {
                    ActivityId = "finish",
                    StartToCloseTimeout = TimeSpan.FromSeconds(30),
                    ScheduleToCloseTimeout = Begun.Limits.FinishTimeLimit,
                    RetryPolicy = RunPolicies.Infrastructure,
                    CancellationToken = CancellationToken.None,
                });
        }
        catch (ActivityFailureException)
        {
            await HandOverAsync(record);
        }

        Progress.Phase = "done";
        Progress.WaitingFor = null;
    }

    static async Task HandOverAsync(RunRecord record) =>
        await Workflow.StartChildWorkflowAsync(
            (RecordRunWorkflow w) => w.RunAsync(record),
            new ChildWorkflowOptions
            {
                Id = $"maintenance.record-{record.RunId}",
                ParentClosePolicy = ParentClosePolicy.Abandon,
                CancellationToken = CancellationToken.None,
            });
}

/// <summary>Writes the record of a run that closed while the database was away, however long that takes.</summary>
[Workflow("maintenance.record")]
public sealed class RecordRunWorkflow
{
    [WorkflowRun]
    public Task RunAsync(RunRecord record) =>
        Workflow.ExecuteActivityAsync(
            (ControlActivities a) => a.FinishAsync(record),
            new ActivityOptions
            {
                ActivityId = "finish",
                StartToCloseTimeout = TimeSpan.FromMinutes(1),
                RetryPolicy = RunPolicies.UntilTheStoreIsBack,
            });
}

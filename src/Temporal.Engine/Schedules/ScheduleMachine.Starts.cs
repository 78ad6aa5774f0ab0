using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Schedules;

/// <summary>Starting what waits.</summary>
sealed partial class ScheduleMachine
{
    // Starts what may start, again as long as a start that came to its turn was not made: the next one may take its place.
    void StartWaiting(DateTime now)
    {
        while (TryStartWaiting(now))
        {
        }
    }

    bool TryStartWaiting(DateTime now)
    {
        var waiting = Record.Progress.BufferedStarts;
        if (Record.Definition.Action.StartWorkflow is null)
            waiting.Clear();
        if (waiting.Count == 0)
            return false;

        var decision = OverlapDecision.Of(waiting, Record.Info.RunningWorkflows.Count > 0, Record.Policies.OverlapPolicy);
        waiting.Clear();
        waiting.AddRange(decision.KeepWaiting);
        Record.Info.OverlapSkipped += decision.Skipped;
        var again = false;
        foreach (var start in decision.StartNow)
        {
            if (!TakeAction(start.Manual) || !Start(start, now, isTracked: ReferenceEquals(start, decision.Tracked)))
                again = true;
        }

        // Cloned: an end in this transaction changes the list.
        foreach (var run in Record.Info.RunningWorkflows.ToArray())
        {
            if (decision.Terminate)
                _actions.Terminate(run);
            else if (decision.Cancel)
                _actions.Cancel(run);
        }

        return again;
    }

    // Triggers and backfills ignore pause and limits, and cost nothing.
    bool TakeAction(bool manual)
    {
        if (manual)
            return true;
        if (!MayAct)
            return false;
        if (Record.State.LimitedActions)
        {
            Record.State.RemainingActions--;
            Record.Progress.ConflictToken++;
        }

        return true;
    }

    bool Start(BufferedStartRecord start, DateTime now, bool isTracked)
    {
        var nominal = start.NominalTime.ToDateTime();
        nominal = nominal.AddTicks(-(nominal.Ticks % TimeSpan.TicksPerSecond));
        var workflowId = string.Create(
            CultureInfo.InvariantCulture, $"{Record.Definition.Action.StartWorkflow.WorkflowId}-{nominal:yyyy-MM-ddTHH:mm:ssZ}");
        // Runs that may overlap have no one run before them.
        var alone = start.OverlapPolicy == ScheduleOverlapPolicy.AllowAll;
        var runId = _actions.Start(new(
            workflowId, nominal, start.Manual, alone ? null : Record.Progress.LastResult, alone ? null : Record.Progress.LastFailure));
        if (runId is null)
            return false;

        var execution = new WorkflowExecution { WorkflowId = workflowId, RunId = runId };
        Record.Info.ActionCount++;
        var recent = Record.Info.RecentActions;
        if (recent.Count == ScheduleLimits.RecentActions)
            recent.RemoveAt(0);
        recent.Add(new Temporalio.Api.Schedule.V1.ScheduleActionResult
        {
            ScheduleTime = start.DueTime,
            ActualTime = Timestamp.FromDateTime(now),
            StartWorkflowResult = execution,
            StartWorkflowStatus = WorkflowExecutionStatus.Running,
        });
        if (isTracked)
            Record.Info.RunningWorkflows.Add(execution.Clone());
        return true;
    }
}

using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>What happens to a run by itself. A run has one place in the timer queue: its earliest due time.</summary>
sealed partial class WorkflowRun
{
    /// <summary>Sets the run's place in the timer queue anew; after each change.</summary>
    public void SetTimer(TimerQueue timers) => timers.Set(this, IsOpen && !IsDetached ? NextDue() : null);

    public DateTime? NextDue()
    {
        DateTime? first = null;
        Consider(FirstTaskDue);
        Consider(RunExpiration);
        Consider(ExecutionExpiration);
        Consider(TaskDue());
        foreach (var timer in Timers.Values)
            Consider(timer.Due);
        foreach (var activity in Activities.Values)
            Consider(ActivityRules.NextDue(activity)?.Due);
        return first;

        void Consider(DateTime? due)
        {
            if (due is { } some && (first is null || some < first))
                first = some;
        }
    }

    DateTime? TaskDue()
    {
        if (Task is null)
            return null;
        if (Task.IsStarted)
            return Task.StartedTime + Task.Timeout;
        return Task.StickyTimeout > TimeSpan.Zero ? Task.ScheduledTime + Task.StickyTimeout : null;
    }

    /// <summary>Does all that is due, in the order of its due times.</summary>
    public void Fire(EngineTransaction tx)
    {
        tx.Touch(this);
        while (IsOpen && NextDue() is { } due && due <= tx.Now)
        {
            if (RunExpiration <= due || ExecutionExpiration <= due)
                ClosingRules.TimeOut(tx, this);
            else if (FirstTaskDue <= due)
                FireFirstTask(tx);
            else if (TaskDue() <= due)
                FireTask(tx);
            else if (!FireUserTimers(tx, due))
                FireActivities(tx, due);
        }
    }

    void FireFirstTask(EngineTransaction tx)
    {
        TouchSide(tx);
        FirstTaskDue = null;
        WorkflowTaskRules.Wake(tx, this);
    }

    void FireTask(EngineTransaction tx)
    {
        if (Task is { IsStarted: true })
            WorkflowTaskRules.TimeOut(tx, this);
        else
            WorkflowTaskRules.StickyTimeOut(tx, this);
    }

    bool FireUserTimers(EngineTransaction tx, DateTime due)
    {
        var fired = Timers.Values.Where(timer => timer.Due <= tx.Now && timer.Due <= due)
            .OrderBy(timer => timer.Due)
            .ThenBy(timer => timer.StartedEventId)
            .ToList();
        foreach (var timer in fired)
        {
            Add(tx, new() { TimerFiredEventAttributes = new() { TimerId = timer.TimerId, StartedEventId = timer.StartedEventId } });
        }

        if (fired.Count > 0)
            WorkflowTaskRules.Wake(tx, this);
        return fired.Count > 0;
    }

    void FireActivities(EngineTransaction tx, DateTime due)
    {
        foreach (var activity in Activities.Values.ToList())
        {
            if (ActivityRules.NextDue(activity) is not { } next || next.Due > due)
                continue;
            if (next.Type == TimeoutType.Unspecified)
                ActivityRules.Enqueue(tx, this, activity);
            else
                ActivityRules.TimeOut(tx, this, activity, next.Type);
        }
    }
}

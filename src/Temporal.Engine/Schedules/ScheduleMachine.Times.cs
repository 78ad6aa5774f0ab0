using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Schedules;

/// <summary>Which due times become waiting starts, and when to look again.</summary>
sealed partial class ScheduleMachine
{
    /// <summary>The next due time after this one; null also where excludes hide it for too long.</summary>
    DateTime? NextDue(DateTime after) => NextTime(after)?.Due;

    DueTime? NextTime(DateTime after)
    {
        try
        {
            return Spec.Next(after);
        }
        catch (SpecSearchException)
        {
            // Nothing more happens until the spec is changed; a call for matching times tells the reason.
            return null;
        }
    }

    // Turns the due times up to `end` into waiting starts. Gives the next one.
    DateTime? TakeDueTimes(DateTime end)
    {
        // Times in a pause, or with no actions left, are neither run later nor counted.
        if (!MayAct)
        {
            Record.Progress.LastProcessedTime = Timestamp.FromDateTime(end);
            return NextDue(end);
        }

        var updated = Record.Info.UpdateTime?.ToDateTime() ?? DateTime.MinValue;
        var window = ScheduleLimits.CatchupWindow(Record.Policies);
        var taken = 0;
        var next = NextTime(SearchStart(Record.Progress.LastProcessedTime.ToDateTime()));
        for (; next is { } time && time.Due <= end; next = NextTime(time.Due))
        {
            // An update counts from its own moment on.
            if (time.Due < updated)
                continue;
            if (taken++ == ScheduleLimits.TimesPerTurn)
                return Instants.Add(end, TimeSpan.FromMilliseconds(10));
            if (end - time.Due > window)
                Record.Info.MissedCatchupWindow++;
            else
                AddStart(time, ScheduleOverlapPolicy.Unspecified, manual: false);
            Record.Progress.LastProcessedTime = Timestamp.FromDateTime(time.Due);
        }

        return next?.Due;
    }

    /// <summary>
    /// Where to search from so that a time whose nominal time was before the last update and whose jitter ends after it is found,
    /// without walking through all that was due before the update.
    /// </summary>
    DateTime SearchStart(DateTime lastProcessed)
    {
        if (Record.Info.UpdateTime is null)
            return lastProcessed;
        var earliest = Instants.Add(Record.Info.UpdateTime.ToDateTime(), -Spec.LongestJitter - TimeSpan.FromSeconds(1));
        return earliest > lastProcessed ? earliest : lastProcessed;
    }

    void TakeBackfills()
    {
        var left = ScheduleLimits.BackfilledPerTurn;
        var backfills = Record.Progress.Backfills;
        while (backfills.Count > 0 && left > 0 && Record.Progress.BufferedStarts.Count < ScheduleLimits.BufferForBackfills)
        {
            var backfill = backfills[0];
            var end = Instants.OrEpoch(backfill.EndTime);
            var next = NextTime(Instants.OrEpoch(backfill.StartTime));
            var last = DateTime.MinValue;
            for (; left > 0 && next is { } time && time.Due <= end; next = NextTime(time.Due), left--)
            {
                AddStart(time, backfill.OverlapPolicy, manual: true);
                last = time.Due;
            }

            if (next is null || next.Value.Due > end)
                backfills.RemoveAt(0);
            else
                backfill.StartTime = Timestamp.FromDateTime(last);
        }
    }

    void AddStart(DueTime time, ScheduleOverlapPolicy policy, bool manual)
    {
        if (Record.Progress.BufferedStarts.Count >= ScheduleLimits.Buffer)
        {
            Record.Info.BufferDropped++;
            return;
        }

        Record.Progress.BufferedStarts.Add(new BufferedStartRecord
        {
            NominalTime = Timestamp.FromDateTime(time.Nominal),
            DueTime = Timestamp.FromDateTime(time.Due),
            OverlapPolicy = policy,
            Manual = manual,
        });
    }

    bool MayAct => !Record.State.Paused && (!Record.State.LimitedActions || Record.State.RemainingActions > 0);

    bool HasBackfillsToRunAlong =>
        Record.Progress.Backfills.Count > 0
        && ScheduleLimits.Resolve(
            Record.Progress.Backfills[0].OverlapPolicy, Record.Policies.OverlapPolicy) == ScheduleOverlapPolicy.AllowAll;

    void PlanNext(DateTime now, DateTime? next)
    {
        if (HasBackfillsToRunAlong)
        {
            NextWakeUp = now.AddSeconds(1);
            return;
        }

        if (!MayAct)
            next = null;
        NextWakeUp = next;
        if (next is not null || Record.State.Paused || Record.Progress.BufferedStarts.Count > 0)
            return;
        var end = LastEvent + ScheduleLimits.IdleRetention;
        IsFinished = end <= now;
        NextWakeUp = end;
    }

    DateTime LastEvent
    {
        get
        {
            var last = Record.Info.CreateTime;
            if (Record.Info.UpdateTime is { } updated && updated > last)
                last = updated;
            if (Record.Info.RecentActions.LastOrDefault()?.ActualTime is { } acted && acted > last)
                last = acted;
            return last.ToDateTime();
        }
    }
}

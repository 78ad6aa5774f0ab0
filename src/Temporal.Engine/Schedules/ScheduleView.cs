using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>A schedule as it is on disk, for all who read it beside the loop. Never changed.</summary>
sealed record ScheduleView(ScheduleRecord Record, CompiledSpec Spec)
{
    public string Id => Record.Id;

    public DateTime CreateTime { get; } = Record.Info.CreateTime.ToDateTime();

    /// <summary>The next times, jitter included; a pause hides none, a limit those beyond it.</summary>
    public IEnumerable<DateTime> FutureTimes(int count, DateTime now)
    {
        var state = Record.State;
        if (state.LimitedActions)
            count = (int)Math.Min(count, state.RemainingActions);
        var after = Record.Progress.LastProcessedTime.ToDateTime();
        // Nobody looks at the clock for a schedule that sleeps.
        if (state.Paused && now > after)
            after = now;
        var updated = Record.Info.UpdateTime?.ToDateTime() ?? DateTime.MinValue;
        var earliest = Instants.Add(DateTime.SpecifyKind(updated, DateTimeKind.Utc), -Spec.LongestJitter - TimeSpan.FromSeconds(1));
        after = earliest > after ? earliest : after;
        for (var found = 0; found < count && Next(after) is { } next; after = next)
        {
            if (next < updated)
                continue;
            found++;
            yield return next;
        }
    }

    DateTime? Next(DateTime after)
    {
        try
        {
            return Spec.Next(after)?.Due;
        }
        catch (SpecSearchException)
        {
            return null;
        }
    }

    public ScheduleSpec SpecForClients => CanonicalSpec.ForClients(Record.Definition.Spec);
}

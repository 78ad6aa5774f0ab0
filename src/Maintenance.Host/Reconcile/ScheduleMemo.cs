namespace Maintenance.Host.Reconcile;

/// <summary>
/// Further entries of the action's memo, which only the reconciler reads (<see cref="Maintenance.Schedules.RunMemo"/> has the runs').
/// </summary>
static class ScheduleMemo
{
    /// <summary>The entry as it stands in the file, for people who look at the schedule in the Temporal UI.</summary>
    public const string Source = "maintenance.source";

    /// <summary>
    /// Why the file had it paused when it was applied; absent when it had not. Tells the file's pause from an operator's.
    /// </summary>
    public const string Paused = "maintenance.paused";
}

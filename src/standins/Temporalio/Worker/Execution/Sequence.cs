namespace Temporalio.Worker.Execution;

/// <summary>The numbers that name a run's operations, counted from 1 for each kind. Remote and local activities share one.</summary>
sealed class Sequence
{
    int _timers;
    int _activities;

    public int NextTimer() => ++_timers;

    public int NextActivity() => ++_activities;
}

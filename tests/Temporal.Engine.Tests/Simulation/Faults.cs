namespace Temporal.Engine.Tests.Simulation;

/// <summary>Decides by the seed what goes wrong. Calm at the end, so that everything can come to its end.</summary>
sealed class Faults(Random random)
{
    readonly double _lossy = random.NextDouble() * 0.15;
    readonly double _crashing = random.NextDouble() * 0.02;
    readonly double _refusing = random.Next(3) == 0 ? random.NextDouble() * 0.05 : 0;
    readonly double _forgetful = random.NextDouble() * 0.1;

    public bool IsCalm { get; set; }

    /// <summary>A request or an answer is lost on its way.</summary>
    public bool Loses() => Happens(_lossy);

    /// <summary>A request arrives twice.</summary>
    public bool Doubles() => Happens(_lossy / 2);

    /// <summary>A worker's process dies with what it was doing.</summary>
    public bool WorkerDies() => Happens(_forgetful / 2);

    /// <summary>A worker takes a task and never answers it.</summary>
    public bool Forgets() => Happens(_forgetful);

    /// <summary>The code of a workflow fails in a task, and not in the next.</summary>
    public bool TaskFails() => Happens(0.03);

    /// <summary>An attempt of an activity fails.</summary>
    public bool AttemptFails() => Happens(0.2);

    /// <summary>The engine's process is killed between two commits.</summary>
    public bool EngineDies() => Happens(_crashing / 10);

    public CommitFault NextCommit() =>
        Happens(_crashing) ? CommitFault.CrashBefore
        : Happens(_crashing) ? CommitFault.CrashAfter
        : Happens(_refusing) ? CommitFault.Refused
        : Happens(_refusing / 5) ? CommitFault.Unknown
        : CommitFault.None;

    /// <summary>How long something takes on its way.</summary>
    public TimeSpan Delay() => TimeSpan.FromMilliseconds(!IsCalm && random.Next(20) == 0 ? random.Next(100, 3_000) : random.Next(1, 30));

    bool Happens(double probability) => !IsCalm && random.NextDouble() < probability;
}

namespace Temporal.Engine.Tests.Simulation;

/// <summary>Keeps all continuations of the simulated engine on the simulation's one thread, in the order in which they came.</summary>
sealed class SimulationContext : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Run, object? State)> _posted = new();
    readonly int _thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("Something has left the simulation's thread: it would not be the same twice.");
        _posted.Enqueue((d, state));
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>False when there was nothing to do.</summary>
    public bool RunPosted()
    {
        var any = false;
        while (_posted.TryDequeue(out var next))
        {
            next.Run(next.State);
            any = true;
        }

        return any;
    }
}

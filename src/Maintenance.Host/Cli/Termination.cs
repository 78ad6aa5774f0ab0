using System.Runtime.InteropServices;

namespace Maintenance.Host.Cli;

/// <summary>
/// Turns SIGTERM and SIGINT into a cancelled token. A second SIGINT ends the process at once, as people at a terminal expect.
/// </summary>
sealed class Termination : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly PosixSignalRegistration[] _registrations;

    public Termination() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    void OnSignal(PosixSignalContext signal)
    {
        if (signal.Signal == PosixSignal.SIGINT && _stop.IsCancellationRequested)
            return;

        signal.Cancel = true;
        _stop.Cancel();
    }
}

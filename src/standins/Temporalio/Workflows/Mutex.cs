namespace Temporalio.Workflows;

/// <summary>Lets one of a workflow's tasks into a section at a time, first come first served. It is not reentrant.</summary>
public class Mutex
{
    readonly Semaphore _semaphore = new(1);

    /// <summary>Waits for the section.</summary>
    public Task WaitOneAsync(CancellationToken? cancellationToken = null) => _semaphore.WaitAsync(cancellationToken);

    /// <summary>Waits for the section this many milliseconds. Tells whether it got it.</summary>
    public Task<bool> WaitOneAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        _semaphore.WaitAsync(millisecondsTimeout, cancellationToken);

    /// <summary>Waits for the section this long. Tells whether it got it.</summary>
    public Task<bool> WaitOneAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) =>
        _semaphore.WaitAsync(timeout, cancellationToken);

    /// <summary>Leaves the section.</summary>
    public void ReleaseMutex() => _semaphore.Release();
}

namespace Temporalio.Workflows;

/// <summary>Lets at most so many of a workflow's tasks into a section at a time, first come first served.</summary>
public class Semaphore
{
    readonly LinkedList<object> _waiting = new();

    /// <summary>A semaphore with this many free places.</summary>
    public Semaphore(int initialCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(initialCount, 1);
        Max = initialCount;
        CurrentCount = initialCount;
    }

    /// <summary>Places in all.</summary>
    public int Max { get; init; }

    /// <summary>Free places.</summary>
    public int CurrentCount { get; private set; }

    /// <summary>Waits for a place.</summary>
    public async Task WaitAsync(CancellationToken? cancellationToken = null) =>
        await EnterAsync(null, cancellationToken);

    /// <summary>Waits for a place this many milliseconds. Tells whether it got one.</summary>
    public Task<bool> WaitAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        EnterAsync(TimeSpan.FromMilliseconds(millisecondsTimeout), cancellationToken);

    /// <summary>Waits for a place this long. Tells whether it got one.</summary>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) => EnterAsync(timeout, cancellationToken);

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        if (CurrentCount >= Max)
            throw new InvalidOperationException($"The semaphore was released more often than it was entered; it has {Max} places.");
        CurrentCount++;
    }

    async Task<bool> EnterAsync(TimeSpan? timeout, CancellationToken? cancellationToken)
    {
        if (_waiting.Count == 0 && CurrentCount > 0)
        {
            CurrentCount--;
            return true;
        }

        // The place is taken inside the condition, so that nobody who runs before this task wakes can take it.
        var me = _waiting.AddLast(new object());
        var entered = false;
        bool TryEnter()
        {
            if (!entered && CurrentCount > 0 && _waiting.First == me)
            {
                CurrentCount--;
                _waiting.Remove(me);
                entered = true;
            }

            return entered;
        }

        try
        {
            await Workflow.WaitConditionWithOptionsAsync(new(TryEnter, timeout, cancellationToken: cancellationToken));
            return entered;
        }
        finally
        {
            if (!entered)
                _waiting.Remove(me);
        }
    }
}

namespace Maintenance.Jobs.Attempts;

/// <summary>One attempt that this worker follows. Whoever asked for it may go away; the attempt goes on until its script ends.</summary>
public sealed class LiveAttempt
{
    readonly TaskCompletionSource<string> _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Func<string> _lastLine;

    internal LiveAttempt(AttemptKey key, Func<string> lastLine)
    {
        Key = key;
        _lastLine = lastLine;
    }

    public AttemptKey Key { get; }

    /// <summary>Cancelled when the worker lets go of the attempt; the script then goes on without it.</summary>
    public Task<AttemptResult> Completion { get; internal set; } = Task.FromCanceled<AttemptResult>(new CancellationToken(true));

    /// <summary>What the script wrote last, redacted.</summary>
    public string LastLine => _lastLine();

    internal Task<string> StopAsked => _stopAsked.Task;

    /// <summary>
    /// Asks the script to end, and ends it after its grace. The result is then <see cref="AttemptOutcome.Cancelled"/>, unless it had ended
    /// before.
    /// </summary>
    public void RequestStop(string reason) => _stopAsked.TrySetResult(reason);
}

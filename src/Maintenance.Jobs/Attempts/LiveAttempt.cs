namespace Maintenance.Jobs.Attempts;

/// <summary>One attempt that this worker follows. Whoever asked for it may go away; the attempt goes on until its script ends.</summary>
public sealed class LiveAttempt
{
    readonly TaskCompletionSource<string> _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly AttemptFolder _folder;
    LiveOutput? _output;

    internal LiveAttempt(AttemptKey key, AttemptFolder folder)
    {
        Key = key;
        _folder = folder;
    }

    public AttemptKey Key { get; }

    /// <summary>Cancelled when the worker lets go of the attempt; the script then goes on without it.</summary>
    public Task<AttemptResult> Completion { get; internal set; } = Task.FromCanceled<AttemptResult>(new CancellationToken(true));

    /// <summary>Set when the values are known that must not leave the host; before that nothing of the output does.</summary>
    internal Redactor? Redactor { get; set; }

    /// <summary>What the script wrote of late, redacted: what a heartbeat tells. Empty before anything is known.</summary>
    public LiveLines ReadLatest()
    {
        if (Redactor is not { } redactor || !_folder.Exists)
            return LiveLines.Empty;
        lock (_stopAsked)
            return (_output ??= new LiveOutput(_folder.OutputFile, redactor)).Read();
    }

    internal Task<string> StopAsked => _stopAsked.Task;

    /// <summary>
    /// Asks the script to end, and ends it after its grace. The result is then <see cref="AttemptOutcome.Cancelled"/>, unless it had ended
    /// before.
    /// </summary>
    public void RequestStop(string reason) => _stopAsked.TrySetResult(reason);
}

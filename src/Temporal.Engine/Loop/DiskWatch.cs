using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

/// <summary>
/// Whether commits reach the disk, and how long they take. Says once that they stopped and once that they go on, not once per
/// commit. Belongs to the loop; <see cref="IsWritable"/> may be read on any thread.
/// </summary>
sealed class DiskWatch(EngineOptions options)
{
    /// <summary>A commit that takes longer is said to be slow, at most once a minute.</summary>
    static readonly TimeSpan SlowCommit = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SaySlowEvery = TimeSpan.FromMinutes(1);
    static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    readonly ILogger _log = options.LoggerFactory.CreateLogger<DiskWatch>();
    readonly TimeProvider _time = options.TimeProvider;
    volatile bool _failing;
    long _failingSince;
    long _lastTry;
    long? _saidSlow;

    public bool IsWritable => !_failing;

    /// <summary>Commits fail, and it is time to try whether they still do.</summary>
    public bool ShouldProbe => _failing && _time.GetElapsedTime(_lastTry) >= ProbeEvery;

    public void OnCommitted(TimeSpan took)
    {
        if (_failing)
        {
            _failing = false;
            EngineLog.DiskRecovered(_log, options.DataDirectory, _time.GetElapsedTime(_failingSince));
        }

        if (took < SlowCommit || (_saidSlow is { } said && _time.GetElapsedTime(said) < SaySlowEvery))
            return;
        _saidSlow = _time.GetTimestamp();
        EngineLog.DiskSlow(_log, (long)took.TotalMilliseconds, options.DataDirectory);
    }

    public void OnFailed(Exception failure)
    {
        _lastTry = _time.GetTimestamp();
        if (_failing)
            return;
        _failing = true;
        _failingSince = _lastTry;
        EngineLog.CommitFailed(_log, options.DataDirectory, failure.Message.TrimEnd('.'), failure);
    }
}

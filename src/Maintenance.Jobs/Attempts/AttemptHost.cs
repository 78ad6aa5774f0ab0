using System.Collections.Concurrent;
using Maintenance.Jobs.Attempts.Posix;
using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// All attempts of one host. An attempt is followed once, however often it is asked for: by the activity that started it, by the same
/// activity handed out again, or by the worker that found its folder after a restart. Letting go (<see cref="Dispose"/>) never ends a
/// script.
/// </summary>
public sealed class AttemptHost : IDisposable
{
    readonly ConcurrentDictionary<AttemptKey, LiveAttempt> _live = new();
    readonly CancellationTokenSource _detached = new();
    readonly Lock _opening = new();
    readonly AttemptHostOptions _options;
    readonly AttemptSteps _steps;

    public AttemptHost(AttemptHostOptions options, TimeProvider time, ILogger<AttemptHost> logger)
    {
        _options = options;
        Directory.CreateDirectory(options.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _steps = new AttemptSteps(options, new ExitWatcher(), HostEra.Current(), time, logger);
    }

    public string HostId => _options.HostId;

    /// <summary>Starts the attempt, or attaches to it, or gives its result again: whatever its folder says. Never two at a time.</summary>
    /// <exception cref="HostShortageException">Also what <see cref="LiveAttempt.Completion"/> may end with: ask again.</exception>
    public LiveAttempt Open(AttemptKey key, AttemptRequest request, byte[]? token)
    {
        try
        {
            return OpenNow(key, request, token);
        }
        catch (Exception problem) when (HostShortageException.Of(problem) is { } shortage)
        {
            throw shortage;
        }
    }

    LiveAttempt OpenNow(AttemptKey key, AttemptRequest request, byte[]? token)
    {
        lock (_opening)
        {
            var folder = FolderOf(key);
            if (_live.TryGetValue(key, out var live) && !MustStartAgain(live.Completion))
            {
                if (token is not null)
                    folder.WriteToken(token);
                return live;
            }

            var opened = new OpenAttempt(key, folder, request, token, Earlier(key, request));
            return Follow(key, folder, attempt => _steps.RunAsync(opened, attempt, _detached.Token));
        }
    }

    /// <summary>
    /// Takes up an attempt that an earlier worker left. Null when there is nothing to take up: no folder, or nothing was started.
    /// </summary>
    public LiveAttempt? TakeUp(AttemptKey key)
    {
        lock (_opening)
        {
            if (_live.TryGetValue(key, out var live))
                return live;
            var folder = FolderOf(key);
            return _steps.WasStarted(folder)
                ? Follow(key, folder, attempt => _steps.ResumeAsync(key, folder, attempt, _detached.Token))
                : null;
        }
    }

    /// <summary>Scripts that have not ended.</summary>
    public int RunningCount => _live.Values.Count(live => !live.Completion.IsCompleted);

    /// <summary>The attempts whose folders are here, in no order.</summary>
    public IReadOnlyList<AttemptKey> Known() =>
        [.. Directory.EnumerateDirectories(_options.Root).Select(p => AttemptKey.FromFolderName(Path.GetFileName(p))).OfType<AttemptKey>()];

    public byte[]? TokenOf(AttemptKey key) => FolderOf(key).ReadToken();

    /// <summary>The workflow that asked for the attempt; null when the folder is not complete.</summary>
    public string? WorkflowIdOf(AttemptKey key) => FolderOf(key) is { Exists: true } folder ? folder.ReadTicket().WorkflowId : null;

    /// <summary>The run is over for good: ends what still runs of this attempt and deletes its folder.</summary>
    public async Task ContainAsync(AttemptKey key, CancellationToken cancellationToken)
    {
        if (TakeUp(key) is { } live)
        {
            live.RequestStop("the run is closed");
            await live.Completion.WaitAsync(cancellationToken);
        }

        Drop(key);
    }

    /// <summary>The run has taken the results of these attempts. Those that still run are left alone.</summary>
    public void Release(string runId, string? exceptActivityId = null)
    {
        foreach (var path in Directory.EnumerateDirectories(_options.Root, $"{Uri.EscapeDataString(runId)}.*"))
        {
            if (AttemptKey.FromFolderName(Path.GetFileName(path)) is { } key && key.ActivityId != exceptActivityId
                && FolderOf(key).ReadResult() is not null)
                Drop(key);
        }
    }

    void Drop(AttemptKey key)
    {
        _live.TryRemove(key, out _);
        FolderOf(key).Delete();
    }

    /// <summary>Our own trouble kept the script from starting: asking again means trying again.</summary>
    static bool MustStartAgain(Task<AttemptResult> completion) =>
        completion.IsFaulted
            || completion is { IsCompletedSuccessfully: true, Result.Outcome: AttemptOutcome.CouldNotStart { Passing: true } };

    LiveAttempt Follow(AttemptKey key, AttemptFolder folder, Func<LiveAttempt, Task<AttemptResult>> run)
    {
        var attempt = new LiveAttempt(key, folder);
        _live[key] = attempt;
        // Off the caller's thread: preparing the folder and starting the supervisor is file work.
        attempt.Completion = Task.Run(() => NamingShortagesAsync(run(attempt)), _detached.Token);
        return attempt;
    }

    static async Task<AttemptResult> NamingShortagesAsync(Task<AttemptResult> work)
    {
        try
        {
            return await work;
        }
        catch (Exception problem) when (HostShortageException.Of(problem) is { } shortage)
        {
            throw shortage;
        }
    }

    /// <summary>Attempts of the same step that have no result yet: they must have ended before this one may start.</summary>
    IReadOnlyList<AttemptKey> Earlier(AttemptKey key, AttemptRequest request)
    {
        if (request.Attempt <= 1)
            return [];
        var sameStep = $"{Uri.EscapeDataString(key.RunId)}.{Uri.EscapeDataString(key.Step)}.*";
        return
        [
            .. Directory.EnumerateDirectories(_options.Root, sameStep)
                .Select(p => AttemptKey.FromFolderName(Path.GetFileName(p)))
                .OfType<AttemptKey>()
                .Where(other => other != key && FolderOf(other).ReadResult() is null),
        ];
    }

    AttemptFolder FolderOf(AttemptKey key) => new(Path.Combine(_options.Root, key.FolderName));

    public void Dispose()
    {
        if (_detached.IsCancellationRequested)
            return;
        _detached.Cancel();
        _steps.Dispose();
    }
}

/// <summary>An attempt as it was asked for.</summary>
sealed record OpenAttempt(AttemptKey Key, AttemptFolder Folder, AttemptRequest Request, byte[]? Token, IReadOnlyList<AttemptKey> Earlier);

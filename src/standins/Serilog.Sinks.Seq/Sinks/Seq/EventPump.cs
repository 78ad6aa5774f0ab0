using Serilog.Debugging;
using Serilog.Sinks.Seq.Buffers;
using Serilog.Sinks.Seq.Formatting;
using Serilog.Sinks.Seq.Http;

namespace Serilog.Sinks.Seq;

/// <summary>
/// Carries lines from the buffer to the server. Woken by the first event, it collects for one period, then sends until the buffer is
/// empty or the server does not take more. A batch leaves the buffer only when the server has it, so a failed turn loses nothing;
/// an event can arrive twice, never not at all.
/// </summary>
sealed class EventPump : IAsyncDisposable
{
    /// <summary>How often the server is asked for its level when there is nothing to send.</summary>
    static readonly TimeSpan LevelCheckInterval = TimeSpan.FromMinutes(2);

    readonly IEventBuffer _buffer;
    readonly SeqIngestionApi _api;
    readonly LevelControl _level;
    readonly SeqSinkOptions _options;
    readonly BackOff _backOff;
    readonly InvalidPayloads _invalid;
    readonly SemaphoreSlim _arrived = new(0);
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _abort = new();
    readonly Task _running;

    /// <summary>Smaller than the posting limit while the server refuses a batch, to find the event it does not want.</summary>
    int _batchLimit;
    int _wakeRequested;

    public EventPump(IEventBuffer buffer, SeqIngestionApi api, LevelControl level, SeqSinkOptions options)
    {
        _buffer = buffer;
        _api = api;
        _level = level;
        _options = options;
        _backOff = new(options.Period);
        _invalid = new(options.BufferBaseFilename, options.RetainedInvalidPayloadsLimitBytes);
        _batchLimit = options.BatchPostingLimit;
        _running = Task.Run(RunAsync);
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakeRequested, 1) == 0)
            _arrived.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _abort.CancelAfter(_options.FlushTimeout);
        await _running.ConfigureAwait(false);
        _arrived.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    async Task RunAsync()
    {
        // What an earlier process left in the files goes out without waiting for an event.
        var wait = TimeSpan.Zero;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await PauseAsync(wait).ConfigureAwait(false);
                wait = await DrainAsync().ConfigureAwait(false);
                if (wait == TimeSpan.Zero && !_stop.IsCancellationRequested)
                {
                    await WaitForEventAsync().ConfigureAwait(false);
                    wait = _options.Period;
                }
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                wait = _backOff.Failure(asked: null);
                SelfLog.WriteLine("Reading the Seq buffer failed and is tried again in {0}: {1}", wait, ex);
            }
        }

        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Sends until nothing is left (zero) or until it makes no sense now (how long to wait).</summary>
    async Task<TimeSpan> DrainAsync()
    {
        while (true)
        {
            ReportDropped();
            var batch = _buffer.Peek(_batchLimit);
            if (batch.Lines.Count == 0)
                return TimeSpan.Zero;

            var outcome = await _api.PostAsync(batch.Lines, _abort.Token).ConfigureAwait(false);
            switch (outcome)
            {
                case IngestionOutcome.Accepted accepted:
                    _buffer.Advance(batch);
                    _backOff.Success();
                    _level.Update(accepted.MinimumLevel);
                    _batchLimit = Math.Min(_batchLimit * 2, _options.BatchPostingLimit);
                    break;

                case IngestionOutcome.Refused when batch.Lines.Count > 1:
                    _batchLimit = batch.Lines.Count / 2;
                    break;

                case IngestionOutcome.Refused refused:
                    SelfLog.WriteLine("Seq refused an event of {0} bytes: {1}", batch.Lines[0].Length, refused.Reason);
                    _invalid.Keep(batch.Lines[0], refused.StatusCode);
                    _buffer.Advance(batch);
                    break;

                case IngestionOutcome.Failed failed:
                    var wait = _backOff.Failure(failed.RetryAfter);
                    SelfLog.WriteLine("Seq does not take events, next try in {0}: {1}", wait, failed.Reason);
                    return wait;
            }
        }
    }

    void ReportDropped()
    {
        var dropped = _buffer.TakeDropped();
        if (dropped == 0)
            return;

        SelfLog.WriteLine("{0} events for Seq were dropped because the buffer was full.", dropped);
        _buffer.Append(Notice.Dropped(dropped, _options.Time.GetUtcNow()));
    }

    async Task WaitForEventAsync()
    {
        // One wait over all level checks: a second one would take the release from the first.
        var arrived = _arrived.WaitAsync(_stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await arrived.WaitAsync(_level.IsActive ? LevelCheckInterval : Timeout.InfiniteTimeSpan, _options.Time)
                    .ConfigureAwait(false);
                Volatile.Write(ref _wakeRequested, 0);
                return;
            }
            catch (TimeoutException)
            {
                await CheckLevelAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Stopping; the loop's condition sees it.
            }
        }
    }

    async Task CheckLevelAsync()
    {
        if (await _api.PostAsync([], _abort.Token).ConfigureAwait(false) is IngestionOutcome.Accepted accepted)
            _level.Update(accepted.MinimumLevel);
    }

    async Task PauseAsync(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
            return;

        try
        {
            await Task.Delay(wait, _options.Time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping cuts the wait short.
        }
    }

    /// <summary>The last turn. Nothing is appended any more; what cannot be sent stays in the files, or is lost and counted.</summary>
    async Task FlushAsync()
    {
        try
        {
            await DrainAsync().ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            SelfLog.WriteLine("Reading the Seq buffer failed: {0}", ex);
        }

        if (_buffer.LostOnDispose is var lost and > 0)
            SelfLog.WriteLine(
                "{0} events could not be sent to Seq before the end and are lost. With bufferBaseFilename they would wait in a file.",
                lost);
    }
}

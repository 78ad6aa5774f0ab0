using Maintenance.Records;
using Microsoft.Extensions.Logging;

namespace Maintenance.Host.Runtime;

/// <summary>
/// Lets old records go: once after the start and then once a day, by one worker of an installation, in small steps with pauses between.
/// A pass that is cut off is done again by the next one.
/// </summary>
sealed partial class RetentionKeeper(
    RetentionPolicy policy, string installation, string holder, RecordsConnection records, TimeProvider time,
    ILogger<RetentionKeeper> logger)
{
    static readonly TimeSpan _every = TimeSpan.FromDays(1);

    /// <summary>
    /// Two thousand runs a second at most, so that a first pass over years of runs takes nothing from those that run now.
    /// </summary>
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    string Lease => $"retention:{installation}";

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await records.Ready.WaitAsync(stop);
        using var day = new PeriodicTimer(_every, time);
        do
            await TryPassAsync(stop);
        while (await day.WaitForNextTickAsync(stop));
    }

    async Task TryPassAsync(CancellationToken stop)
    {
        try
        {
            // Held for the day, so that of several workers one does it; whoever comes first after that does the next.
            if (!await records.Store.TryTakeLeaseAsync(Lease, holder, time.GetUtcNow(), _every / 2, stop))
                return;
            var gone = await new RunRetention(records.Store, policy, time, _pause).RunAsync(time.GetUtcNow(), stop);
            if (gone != new PruneResult(0, 0, 0))
                LogPruned(logger, gone.Runs, gone.Outputs, gone.Messages);
        }
        catch (RunStoreUnavailableException ex)
        {
            // Nothing is lost by keeping things longer.
            LogNotPruned(logger, ex.Message);
        }
    }

    [LoggerMessage(6021, LogLevel.Information, "Retention let {Runs} runs, {Outputs} outputs and {Messages} delivered reports go")]
    static partial void LogPruned(ILogger logger, long runs, long outputs, long messages);

    [LoggerMessage(6022, LogLevel.Warning, "Retention stopped and goes on tomorrow, or with `maintenance records prune`: {Reason}")]
    static partial void LogNotPruned(ILogger logger, string reason);
}

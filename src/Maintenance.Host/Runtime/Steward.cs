using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Records.Reports;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Runtime;

/// <summary>
/// What one worker of an installation does for all: it ends holds in time, keeps the ledger and tells of what is not finished by its time.
/// A lease in the records elects it; when it dies, another one takes over within the lease's time, and nothing is lost meanwhile, because
/// both jobs start from what is stored.
/// </summary>
sealed partial class Steward(
    string installation, string holder, ITemporalClient client, RecordsConnection records, RunReports reports, TimeProvider time,
    ILogger<Steward> logger)
{
    static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);
    static readonly TimeSpan _leaseFor = TimeSpan.FromSeconds(60);
    static readonly TimeSpan _leaseAgainAfter = TimeSpan.FromSeconds(15);
    static readonly TimeSpan _ledgerEvery = TimeSpan.FromSeconds(10);

    readonly LedgerKeeper _ledger = new(records.Store, new ServerLook(client).AtAsync, installation, time, logger);
    readonly FinishWatch _finishes = new(records.Store, reports, installation, time, logger);
    readonly HoldExpiry _holds = new(client, records.Store, installation, time, logger);

    long? _leasedAt;
    long? _accountedAt;
    bool _failing;

    string Lease => $"steward:{installation}";

    /// <summary>Runs until <paramref name="stop"/>, and gives the lease back then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await records.Ready.WaitAsync(stop);
        using var look = new PeriodicTimer(_lookEvery, time);
        try
        {
            do
                await TryTurnAsync(stop);
            while (await look.WaitForNextTickAsync(stop));
        }
        finally
        {
            if (_leasedAt is not null)
                await TryReleaseAsync();
        }
    }

    async Task TryTurnAsync(CancellationToken stop)
    {
        try
        {
            await TurnAsync(stop);
            _failing = false;
        }
        catch (Exception ex) when (ex is RunStoreUnavailableException or RpcException)
        {
            // The next turn starts from what is stored; said once, because the parts that are away say it themselves.
            if (!_failing)
                LogFailing(logger, ex.Message);
            _failing = true;
        }
    }

    async Task TurnAsync(CancellationToken stop)
    {
        if (!await IsElectedAsync(stop))
            return;
        await _holds.RunAsync(stop);
        if (_accountedAt is { } last && time.GetElapsedTime(last) < _ledgerEvery)
            return;
        await _ledger.RunAsync(stop);
        await _finishes.RunAsync(stop);
        _accountedAt = time.GetTimestamp();
    }

    async Task<bool> IsElectedAsync(CancellationToken stop)
    {
        if (_leasedAt is { } leased && time.GetElapsedTime(leased) < _leaseAgainAfter)
            return true;
        var taken = await records.Store.TryTakeLeaseAsync(Lease, holder, time.GetUtcNow(), _leaseFor, stop);
        _leasedAt = taken ? time.GetTimestamp() : null;
        return taken;
    }

    async Task TryReleaseAsync()
    {
        try
        {
            await records.Store.ReleaseLeaseAsync(Lease, holder, CancellationToken.None);
        }
        catch (RunStoreUnavailableException ex)
        {
            // Then it runs out by itself.
            LogFailing(logger, ex.Message);
        }
    }

    [LoggerMessage(
        1031, LogLevel.Warning, "Holds and the ledger wait until records and server answer; nothing is lost meanwhile: {Reason}")]
    static partial void LogFailing(ILogger logger, string reason);
}

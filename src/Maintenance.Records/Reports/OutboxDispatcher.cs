using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Maintenance.Records.Reports;

/// <summary>
/// Carries messages from the outbox to their receivers, at least once and in order per run. Delivery comes first and the mark second: a
/// process that dies between them delivers again when the lease is over, under the same ReportId. A receiver that is away delays its own
/// messages only, and never a run. Several dispatchers may share a store.
/// </summary>
public sealed class OutboxDispatcher(
    IRunStore store, IReadOnlyList<IOutboxReceiver> receivers, TimeProvider time, ILogger<OutboxDispatcher> logger)
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, int> _failuresInARow = [];
    readonly SemaphoreSlim[] _wakes = [.. receivers.Select(_ => new SemaphoreSlim(0, 1))];

    /// <summary>Something was just written to the outbox by this process; without this call it is found by the next look.</summary>
    public void Wake()
    {
        foreach (var wake in _wakes)
        {
            if (wake.CurrentCount == 0)
                TryRelease(wake);
        }
    }

    public Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(receivers.Select((receiver, index) => RunAsync(receiver, _wakes[index], stoppingToken)));

    async Task RunAsync(IOutboxReceiver receiver, SemaphoreSlim wake, CancellationToken stoppingToken)
    {
        // One wait over all turns: a wait that nobody looks at any more would swallow the next wake.
        var woken = wake.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await TurnAsync(receiver, stoppingToken);
            var delay = Task.Delay(wait, time, stoppingToken);
            await (wait == Poll ? Task.WhenAny(woken, delay) : Task.WhenAny(delay));
            if (woken.IsCompleted)
                woken = wake.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Delivers what is due now; returns how long to wait before the next turn.</summary>
    internal async Task<TimeSpan> TurnAsync(IOutboxReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var messages = await store.ClaimOutboxAsync(receiver.Target, receiver.BatchMax, time.GetUtcNow(), Lease, cancellationToken);
                if (messages.Count == 0)
                    return Poll;
                if (await DeliverClaimedAsync(receiver, messages, cancellationToken) is { } wait)
                    return wait;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Poll;
        }
        catch (RunStoreUnavailableException ex)
        {
            // The messages are still there and still due.
            ReportLog.StoreAway(logger, receiver.Target, ex.Message);
            return RetryMax;
        }
        catch (Exception ex)
        {
            // A bug in one delivery must not end all later ones; the lease gives the messages back.
            ReportLog.TurnFailed(logger, receiver.Target, RetryMax, ex);
            return RetryMax;
        }
    }

    async Task<TimeSpan?> DeliverClaimedAsync(
        IOutboxReceiver receiver, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            var fresh = await GiveUpTheOldAsync(receiver, messages, cancellationToken);
            return await DeliverAsync(receiver, fresh, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Given back at once, so that the next process need not wait for the end of the lease.
            await store.PostponeAsync(Ids(messages), time.GetUtcNow(), "the dispatcher stopped", CancellationToken.None);
            throw;
        }
    }

    /// <summary>Null when all are dealt with; else how long to leave the receiver alone.</summary>
    async Task<TimeSpan?> DeliverAsync(IOutboxReceiver receiver, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return null;

        switch (await receiver.DeliverAsync(messages, cancellationToken))
        {
            case Delivery.Delivered:
                await store.MarkDeliveredAsync(Ids(messages), time.GetUtcNow(), cancellationToken);
                if (_failuresInARow.TryRemove(receiver.Target, out var failures))
                    ReportLog.ReceiverBack(logger, receiver.Target, failures);
                return null;

            case Delivery.Refused when messages.Count > 1:
                // Halves, first one first, until the unwanted message stands alone.
                var half = messages.Count / 2;
                if (await DeliverAsync(receiver, [.. messages.Take(half)], cancellationToken) is { } wait)
                {
                    await PostponeAsync([.. messages.Skip(half)], wait, "an earlier message could not be delivered", cancellationToken);
                    return wait;
                }

                return await DeliverAsync(receiver, [.. messages.Skip(half)], cancellationToken);

            case Delivery.Refused refused:
                await GiveUpAsync(messages[0], refused.Reason, cancellationToken);
                return null;

            case Delivery.Away away:
                var retryAfter = NextTry(receiver.Target, away);
                await PostponeAsync(messages, retryAfter, away.Reason, cancellationToken);
                return retryAfter;

            default:
                throw new InvalidOperationException($"The receiver {receiver.Target} gave no known answer.");
        }
    }

    TimeSpan NextTry(string target, Delivery.Away away)
    {
        var failures = _failuresInARow.AddOrUpdate(target, 1, (_, before) => before + 1);

        // One line when it begins and one an hour or so, not one for every try of a long outage.
        if (failures == 1 || failures % 60 == 0)
            ReportLog.ReceiverAway(logger, target, failures, away.Reason);
        var doubled = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), RetryMax.TotalSeconds));
        return away.RetryAfter is { } wish && wish > doubled ? TimeSpan.FromTicks(Math.Min(wish.Ticks, RetryMax.Ticks * 10)) : doubled;
    }

    Task PostponeAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan wait, string error, CancellationToken cancellationToken) =>
        store.PostponeAsync(Ids(messages), time.GetUtcNow() + wait, error, cancellationToken);

    async Task<IReadOnlyList<OutboxMessage>> GiveUpTheOldAsync(
        IOutboxReceiver receiver, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        if (receiver.AgeMax is not { } ageMax)
            return messages;

        var oldest = time.GetUtcNow() - ageMax;
        foreach (var message in messages.Where(message => message.CreatedAt < oldest))
            await GiveUpAsync(
                message, $"not delivered within {ageMax.TotalHours} hours; last error: {message.LastError ?? "none"}", cancellationToken);
        return [.. messages.Where(message => message.CreatedAt >= oldest)];
    }

    async Task GiveUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        await store.DeadLetterAsync(message.Id, time.GetUtcNow(), reason, cancellationToken);
        ReportLog.MessageGivenUp(logger, message.Id, message.Target, message.RunId, reason);
    }

    static string[] Ids(IReadOnlyList<OutboxMessage> messages) => [.. messages.Select(message => message.Id)];

    static void TryRelease(SemaphoreSlim wake)
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }
}

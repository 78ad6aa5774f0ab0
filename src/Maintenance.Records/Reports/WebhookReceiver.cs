using System.Text;
using System.Text.Json;

namespace Maintenance.Records.Reports;

/// <summary>
/// Notifies people on a change of state: the first failure, the third, tenth, thirtieth… in a row, and the recovery. Whether a run changed
/// the state is decided when it is delivered, from the runs recorded before it.
/// </summary>
public sealed class WebhookReceiver : IOutboxReceiver, IDisposable
{
    public const string TargetName = "webhook";

    /// <summary>How far back failures in a row are counted.</summary>
    const int HistoryMax = 200;

    readonly IRunStore _store;
    readonly HttpDelivery _http;

    public WebhookReceiver(string url, IRunStore store, TimeProvider time, HttpMessageHandler? handler = null)
    {
        // The address is a secret and is not repeated.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
            throw new ArgumentException(
                "Notifications:SlackWebhook is not an address; write it like 'https://hooks.slack.com/services/…'.");
        _store = store;
        _http = new(address, handler, time);
    }

    public string Target => TargetName;

    /// <summary>A message is a request of its own.</summary>
    public int BatchMax => 1;

    public TimeSpan? AgeMax => TimeSpan.FromHours(24);

    public async Task<Delivery> DeliverAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        string? body;
        try
        {
            body = await WordsAsync(Notice.Read(messages[0].PayloadJson), cancellationToken);
        }
        catch (JsonException ex)
        {
            return new Delivery.Refused($"the message is not a notice: {ex.Message}");
        }

        return body is null
            ? new Delivery.Delivered()
            : await _http.PostAsync(Encoding.UTF8.GetBytes(body), "application/json", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null when there is nothing to say.</summary>
    async Task<string?> WordsAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (notice is ApprovalNeeded approval)
            return SlackMessage.OfApproval(approval);
        if (notice is FinishOverdue overdue)
            return SlackMessage.OfOverdue(overdue);
        if (notice is not RunNotice run)
            return null;

        var before = await FailuresBeforeAsync(run, cancellationToken);
        if (!RunNotice.IsFailure(run.Status))
            return before > 0 ? SlackMessage.OfRecovery(run, before) : null;
        return IsWorthTelling(before + 1) ? SlackMessage.OfFailure(run, before + 1) : null;
    }

    /// <summary>1, 3, 10, 30, 100, 300 …</summary>
    internal static bool IsWorthTelling(int failures)
    {
        while (failures % 10 == 0)
            failures /= 10;
        return failures is 1 or 3;
    }

    async Task<int> FailuresBeforeAsync(RunNotice run, CancellationToken cancellationToken)
    {
        var page = await _store.ListRunsAsync(
            new() { Job = run.Job, ScheduleId = run.ScheduleId, Until = run.StartedAt, Limit = HistoryMax }, cancellationToken);
        return page.Runs
            .Where(earlier => earlier.ScheduleId == run.ScheduleId && earlier.RunId != run.RunId && RunNotice.Tells(earlier.Status))
            .TakeWhile(earlier => RunNotice.IsFailure(earlier.Status))
            .Count();
    }
}

using Microsoft.Extensions.Logging;

namespace Maintenance.Records.Reports;

/// <summary>
/// Everything that tells the outside what runs did, put together from the options: which messages a run writes, and who carries them.
/// </summary>
public sealed class Reporting : IDisposable
{
    readonly List<IOutboxReceiver> _receivers = [];
    readonly OutboxDispatcher _dispatcher;

    public Reporting(ReportOptions options, IRunStore store, TimeProvider time, ILoggerFactory loggers)
    {
        Messages = new(options);
        if (!string.IsNullOrWhiteSpace(options.SeqServerUrl))
            _receivers.Add(new SeqReceiver(options.SeqServerUrl, options.SeqApiKey, time));
        if (!string.IsNullOrWhiteSpace(options.WebhookUrl))
            _receivers.Add(new WebhookReceiver(options.WebhookUrl, store, time));
        _dispatcher = new(store, _receivers, time, loggers.CreateLogger<OutboxDispatcher>());
    }

    /// <summary>For the run's finish and for a wait that begins.</summary>
    public RunReports Messages { get; }

    /// <summary>Carries messages until stopped; ends at once when nobody is to be told.</summary>
    public Task RunAsync(CancellationToken stoppingToken) => _dispatcher.RunAsync(stoppingToken);

    /// <summary>A run has just ended here, so there is something to carry.</summary>
    public void Wake() => _dispatcher.Wake();

    public void Dispose()
    {
        foreach (var receiver in _receivers.OfType<IDisposable>())
            receiver.Dispose();
    }
}

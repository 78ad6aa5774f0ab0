using System.Text;

namespace Maintenance.Records.Reports;

/// <summary>Posts run reports to Seq, many in one request; the payloads are CLEF already.</summary>
public sealed class SeqReceiver : IOutboxReceiver, IDisposable
{
    public const string TargetName = "seq";

    readonly HttpDelivery _http;

    public SeqReceiver(string serverUrl, string? apiKey, TimeProvider time, HttpMessageHandler? handler = null)
    {
        if (!Uri.TryCreate(serverUrl.TrimEnd('/') + "/ingest/clef", UriKind.Absolute, out var address)
            || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
            throw new ArgumentException($"Seq:ServerUrl is '{serverUrl}'; write it like 'http://127.0.0.1:5341'.");

        _http = new(address, handler, time);
        if (!string.IsNullOrWhiteSpace(apiKey))
            _http.AddHeader("X-Seq-ApiKey", apiKey.Trim());
    }

    public string Target => TargetName;

    public int BatchMax => 200;

    public TimeSpan? AgeMax => null;

    public Task<Delivery> DeliverAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var body = string.Concat(messages.Select(message => message.PayloadJson + "\n"));
        return _http.PostAsync(Encoding.UTF8.GetBytes(body), "application/vnd.serilog.clef", cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}

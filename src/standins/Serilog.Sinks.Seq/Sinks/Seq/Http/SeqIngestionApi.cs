using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serilog.Events;

namespace Serilog.Sinks.Seq.Http;

/// <summary><c>POST /ingest/clef</c>: events as lines of JSON, the answer carries the wanted level.</summary>
sealed class SeqIngestionApi : IDisposable
{
    static readonly MediaTypeHeaderValue Clef = new("application/vnd.serilog.clef");
    static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(30);

    /// <summary>An answer is a line or two; a proxy's error page is cut.</summary>
    const int AnswerCharsMax = 500;

    readonly HttpClient _client;
    readonly Uri _endpoint;
    readonly TimeProvider _time;

    public SeqIngestionApi(string serverUrl, string? apiKey, HttpMessageHandler? handler, TimeProvider time)
    {
        if (!Uri.TryCreate(serverUrl.EndsWith('/') ? serverUrl : $"{serverUrl}/", UriKind.Absolute, out var baseAddress)
            || (baseAddress.Scheme != Uri.UriSchemeHttp && baseAddress.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException(
                $"'{serverUrl}' is not the address of a Seq server; write it like 'http://localhost:5341'.", nameof(serverUrl));
        }

        _endpoint = new(baseAddress, "ingest/clef");
        _time = time;
        // A changed DNS name is noticed within minutes.
        _client = new(
            handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (!string.IsNullOrWhiteSpace(apiKey))
            _client.DefaultRequestHeaders.Add("X-Seq-ApiKey", apiKey.Trim());
    }

    public async Task<IngestionOutcome> PostAsync(IReadOnlyList<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PostTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(Join(lines));
            content.Headers.ContentType = Clef;
            using var answer = await _client.PostAsync(_endpoint, content, either.Token).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false);
            return Judge(answer, text);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new IngestionOutcome.Failed($"no answer within {PostTimeout.TotalSeconds} seconds");
        }
        catch (OperationCanceledException)
        {
            return new IngestionOutcome.Failed("the program ends");
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            return new IngestionOutcome.Failed(ex.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        var whole = new byte[lines.Sum(line => line.Length + 1)];
        var at = 0;
        foreach (var line in lines)
        {
            line.Span.CopyTo(whole.AsSpan(at));
            at += line.Length;
            whole[at++] = (byte)'\n';
        }

        return whole;
    }

    IngestionOutcome Judge(HttpResponseMessage answer, string text)
    {
        if (answer.IsSuccessStatusCode)
            return new IngestionOutcome.Accepted(ReadLevel(text));

        var reason =
            $"{(int)answer.StatusCode} {answer.ReasonPhrase} {(text.Length > AnswerCharsMax ? text[..AnswerCharsMax] : text)}".TrimEnd();
        return answer.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
                new IngestionOutcome.Refused((int)answer.StatusCode, reason),
            _ => new IngestionOutcome.Failed(reason, RetryAfter(answer)),
        };
    }

    TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    static LogEventLevel? ReadLevel(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("MinimumLevelAccepted", out var level)
                && level.ValueKind == JsonValueKind.String
                && Enum.TryParse<LogEventLevel>(level.GetString(), ignoreCase: true, out var parsed)
                    ? parsed
                    : null;
        }
        catch (JsonException)
        {
            // The events were accepted; an answer in another shape only means that no level was set.
            return null;
        }
    }
}

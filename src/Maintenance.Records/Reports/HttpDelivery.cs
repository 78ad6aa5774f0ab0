using System.Net;
using System.Net.Http.Headers;

namespace Maintenance.Records.Reports;

/// <summary>One POST with a time limit, and what its answer means.</summary>
sealed class HttpDelivery : IDisposable
{
    static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(30);
    const int AnswerCharsMax = 300;

    readonly HttpClient _client;
    readonly Uri _address;
    readonly TimeProvider _time;

    public HttpDelivery(Uri address, HttpMessageHandler? handler, TimeProvider time)
    {
        _address = address;
        _time = time;
        _client = new(
            handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void AddHeader(string name, string value) => _client.DefaultRequestHeaders.Add(name, value);

    public async Task<Delivery> PostAsync(byte[] body, string contentType, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PostTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new(contentType);
            using var answer = await _client.PostAsync(_address, content, either.Token);
            return await JudgeAsync(answer, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Delivery.Away($"no answer within {PostTimeout.TotalSeconds} seconds");
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            return new Delivery.Away(ex.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    async Task<Delivery> JudgeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return new Delivery.Delivered();

        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var reason = $"{(int)answer.StatusCode} {answer.ReasonPhrase} {(text.Length > AnswerCharsMax ? text[..AnswerCharsMax] : text)}"
            .TrimEnd().ReplaceLineEndings(" ");
        return answer.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
                new Delivery.Refused(reason),
            // A wrong key or address is for a person to repair; until then nothing is lost.
            _ => new Delivery.Away(reason, RetryAfter(answer.Headers.RetryAfter)),
        };
    }

    TimeSpan? RetryAfter(RetryConditionHeaderValue? wish) => wish switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };
}

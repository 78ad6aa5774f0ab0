using System.Net;

namespace Maintenance.Records.Tests.Reports;

/// <summary>An HTTP receiver in memory: keeps bodies, answers as told.</summary>
sealed class CapturingWebhook : HttpMessageHandler
{
    readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<string> Bodies { get; } = [];

    public void Answer(HttpStatusCode status, string? retryAfter = null) => _answers.Enqueue(() =>
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent("told so") };
        if (retryAfter is not null)
            answer.Headers.Add("Retry-After", retryAfter);
        return answer;
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = _answers.TryDequeue(out var told) ? told() : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") };
        if (answer.IsSuccessStatusCode && request.Content is not null)
            Bodies.Add(await request.Content.ReadAsStringAsync(cancellationToken));
        return answer;
    }
}

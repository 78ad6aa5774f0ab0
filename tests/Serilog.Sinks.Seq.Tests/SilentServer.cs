namespace Serilog.Sinks.Seq.Tests;

/// <summary>Takes a request and never answers, as often as told; then accepts.</summary>
public sealed class SilentServer(int silences) : HttpMessageHandler
{
    int _requests;

    public int Requests => Volatile.Read(ref _requests);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _requests) <= silences)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return new(System.Net.HttpStatusCode.Created) { Content = new StringContent("{}") };
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>A real HTTP server on a free port that answers as a test says and remembers what it was asked.</summary>
public sealed class SampleServer : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Func<HttpListenerRequest, int, Answer> _answer;

    public SampleServer(Func<HttpListenerRequest, int, Answer> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<Asked> Requests { get; } = [];

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new StreamReader(context.Request.InputStream);
            Requests.Enqueue(new Asked(context.Request.HttpMethod, context.Request.RawUrl!, context.Request.Headers["Authorization"], await body.ReadToEndAsync()));
            var answer = _answer(context.Request, Requests.Count);
            context.Response.StatusCode = answer.Status;
            if (answer.Location is not null)
                context.Response.RedirectLocation = answer.Location;
            if (answer.RetryAfter is not null)
                context.Response.Headers["Retry-After"] = answer.RetryAfter;
            if (answer.Silent)
                continue;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
    }

    public void Dispose() => _listener.Close();

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <param name="Silent">The request is taken and never answered.</param>
    public sealed record Answer(int Status, string Body = "", string? Location = null, string? RetryAfter = null, bool Silent = false);

    public sealed record Asked(string Method, string Path, string? Authorization, string Body);
}

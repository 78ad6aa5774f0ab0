using System.Net;
using System.Net.Sockets;

namespace Maintenance.Records.Tests;

/// <summary>
/// A TCP proxy before Postgres that can lose an answer: armed, it lets the next request through, waits for the server's reply,
/// throws the reply away and cuts the connection. The client cannot know whether its commit happened; it did.
/// </summary>
sealed class LossyProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly int _serverPort;
    readonly Task _accepting;
    int _armed;
    int _lost;

    public LossyProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int LostAnswers => Volatile.Read(ref _lost);

    /// <summary>The next <paramref name="answers"/> answers are lost.</summary>
    public void Arm(int answers) => Volatile.Write(ref _armed, answers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var requests = PumpAsync(near.GetStream(), far.GetStream(), () => false, either.Token);
            var answers = PumpAsync(far.GetStream(), near.GetStream(), TakeArmed, either.Token);
            await Task.WhenAny(requests, answers);
            await either.CancelAsync();
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or SocketException)
        {
            // Both sides are closed by the usings, which is all that an end of a connection means here.
        }
    }

    static async Task PumpAsync(NetworkStream from, NetworkStream to, Func<bool> lose, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                if (lose())
                    return;
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException)
        {
            // The other direction ended.
        }
    }

    bool TakeArmed()
    {
        if (Interlocked.Decrement(ref _armed) < 0)
        {
            Volatile.Write(ref _armed, 0);
            return false;
        }

        Interlocked.Increment(ref _lost);
        return true;
    }
}

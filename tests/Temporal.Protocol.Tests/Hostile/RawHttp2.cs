using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Temporal.Protocol.Tests;

/// <summary>A client that writes HTTP/2 frames as it likes, and reads nothing that it is not told to read.</summary>
sealed class RawHttp2 : IDisposable
{
    const byte EndStream = 1;
    const byte EndHeaders = 4;

    readonly TcpClient _socket = new();
    NetworkStream? _stream;

    /// <param name="address">Where the server listens.</param>
    /// <param name="initialWindow">How much of an answer it may send before this client asks for more.</param>
    public static async Task<RawHttp2> ConnectAsync(string address, int initialWindow = 65_535)
    {
        var client = new RawHttp2();
        await client._socket.ConnectAsync(IPEndPoint.Parse(address));
        client._stream = client._socket.GetStream();
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        var settings = new byte[6];
        settings[1] = 4; // SETTINGS_INITIAL_WINDOW_SIZE
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(2), initialWindow);
        await client.FrameAsync(type: 4, flags: 0, stream: 0, settings);
        return client;
    }

    /// <summary>Opens a call; its body is not sent.</summary>
    public Task OpenAsync(int stream, string path, bool withoutBody = false) =>
        FrameAsync(type: 1, (byte)(EndHeaders | (withoutBody ? EndStream : 0)), stream, Headers(path));

    /// <summary>Begins a call and sends one byte of its headers at a time, without end. Ends, true, when the server has ended the connection.</summary>
    public async Task<bool> TrickleHeadersAsync(int stream, TimeSpan every, TimeSpan atMost)
    {
        const byte headers = 1, continuation = 9;
        var ended = EndedAsync();
        await FrameAsync(headers, flags: 0, stream, [0x83]);
        using var pause = new PeriodicTimer(every);
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            while (!ended.IsCompleted && await pause.WaitForNextTickAsync(limit.Token))
                await FrameAsync(continuation, flags: 0, stream, [0x86]);
        }
        catch (IOException)
        {
            // Written to what the server has ended.
        }

        return await ended.WaitAsync(limit.Token);
    }

    /// <summary>Reads and drops what the server says, to the end of the connection.</summary>
    async Task<bool> EndedAsync()
    {
        var said = new byte[4096];
        try
        {
            while (await _stream!.ReadAsync(said) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset is an end, too.
        }

        return true;
    }

    /// <summary>A further call with each step, all of them with the same first part of a body.</summary>
    public async IAsyncEnumerator<int> CallsAsync(string path, byte[] body, bool isLast)
    {
        for (var stream = 1; ; stream += 2)
        {
            await OpenAsync(stream, path);
            await DataAsync(stream, body, isLast);
            yield return stream;
        }
    }

    public Task DataAsync(int stream, byte[] bytes, bool isLast) => FrameAsync(type: 0, isLast ? EndStream : (byte)0, stream, bytes);

    public Task ResetAsync(int stream) => FrameAsync(type: 3, flags: 0, stream, [0, 0, 0, 8]);

    public async Task FrameAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await SendAsync(frame);
    }

    public async Task SendAsync(byte[] bytes) => await _stream!.WriteAsync(bytes);

    public void Dispose() => _socket.Dispose();

    static byte[] Headers(string path)
    {
        using var block = new MemoryStream();
        block.WriteByte(0x83); // :method POST
        block.WriteByte(0x86); // :scheme http
        Literal(block, ":path", path);
        Literal(block, ":authority", "localhost");
        Literal(block, "content-type", "application/grpc");
        Literal(block, "te", "trailers");
        return block.ToArray();
    }

    // Without index and without Huffman coding; no text here is as long as 127 bytes.
    static void Literal(MemoryStream block, string name, string value)
    {
        block.WriteByte(0);
        foreach (var text in (string[])[name, value])
        {
            block.WriteByte((byte)text.Length);
            block.Write(Encoding.ASCII.GetBytes(text));
        }
    }
}

using System.Buffers.Binary;
using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>gRPC's frame: one byte that says compressed or not, four bytes length (big-endian), the message.</summary>
static class GrpcFrame
{
    public const int HeaderSize = 5;

    /// <summary>Below this size gzip makes a message rather longer than shorter.</summary>
    public const int CompressionThreshold = 1024;

    /// <summary>The framed message in a buffer that the caller disposes.</summary>
    public static PooledBuffer Write(IMessage message, bool mayCompress)
    {
        var size = message.CalculateSize();
        var buffer = new PooledBuffer(HeaderSize + size);
        message.WriteTo(buffer.GetSpan(HeaderSize + size).Slice(HeaderSize, size));
        buffer.Advance(HeaderSize + size);
        WriteHeader(buffer.Start(HeaderSize), compressed: false, size);
        return mayCompress && size >= CompressionThreshold ? Compress(buffer) : buffer;
    }

    public static (bool Compressed, uint Length) ReadHeader(ReadOnlySpan<byte> header) =>
        (header[0] != 0, BinaryPrimitives.ReadUInt32BigEndian(header[1..]));

    static void WriteHeader(Span<byte> header, bool compressed, int length)
    {
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }

    static PooledBuffer Compress(PooledBuffer plain)
    {
        var frame = new PooledBuffer(plain.Length / 2);
        frame.Advance(HeaderSize);
        Gzip.Compress(plain.Span[HeaderSize..], frame);
        if (frame.Length >= plain.Length)
        {
            frame.Dispose();
            return plain;
        }

        plain.Dispose();
        WriteHeader(frame.Start(HeaderSize), compressed: true, frame.Length - HeaderSize);
        return frame;
    }
}

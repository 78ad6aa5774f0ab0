using System.Buffers.Binary;
using System.IO.Compression;

namespace Temporal.Protocol;

/// <summary>Message compression with a bound on what a small message may blow up to.</summary>
static class Gzip
{
    public const string Encoding = "gzip";

    const int ChunkSize = 16 * 1024;

    /// <summary>A stream ends with the length of its content; header, checksum and length are never shorter than this.</summary>
    const int SizeMin = 18;

    public static void Compress(ReadOnlySpan<byte> plain, PooledBuffer target)
    {
        using var gzip = new GZipStream(new BufferStream(target), CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(plain);
    }

    /// <summary>
    /// False when the content is longer than <paramref name="limit"/>; throws InvalidDataException when it is not gzip, or not all of it.
    /// </summary>
    public static bool TryDecompress(ReadOnlyMemory<byte> compressed, PooledBuffer target, long limit)
    {
        using var gzip = new GZipStream(new MemoryReader(compressed), CompressionMode.Decompress);
        while (true)
        {
            var read = gzip.Read(target.GetSpan(ChunkSize));
            if (read == 0)
                return IsWhole(compressed.Span, target.Length) ? true : throw new InvalidDataException("unexpected EOF");
            target.Advance(read);
            if (target.Length > limit)
                return false;
        }
    }

    // The framework's reader takes a stream that was cut off for one that ends there.
    static bool IsWhole(ReadOnlySpan<byte> compressed, int length) =>
        compressed.Length >= SizeMin && BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]) == (uint)length;

    /// <summary>Appends to a pooled buffer.</summary>
    sealed class BufferStream(PooledBuffer buffer) : OneWayStream
    {
        public override bool CanWrite => true;

        public override void Write(byte[] bytes, int offset, int count) => Write(bytes.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(buffer.GetSpan(bytes.Length));
            buffer.Advance(bytes.Length);
        }
    }

    /// <summary>Reads memory without a copy of it.</summary>
    sealed class MemoryReader(ReadOnlyMemory<byte> memory) : OneWayStream
    {
        ReadOnlyMemory<byte> _rest = memory;

        public override bool CanRead => true;

        public override int Read(byte[] bytes, int offset, int count) => Read(bytes.AsSpan(offset, count));

        public override int Read(Span<byte> bytes)
        {
            var count = Math.Min(bytes.Length, _rest.Length);
            _rest.Span[..count].CopyTo(bytes);
            _rest = _rest[count..];
            return count;
        }
    }
}

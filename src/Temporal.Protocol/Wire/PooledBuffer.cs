using System.Buffers;

namespace Temporal.Protocol;

/// <summary>Bytes that grow in an array of the shared pool. Dispose returns the array; nobody may hold its memory after that.</summary>
sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    byte[] _array = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 256));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    /// <summary>The first bytes, to fill in what is known only at the end.</summary>
    public Span<byte> Start(int length) => _array.AsSpan(0, length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        var array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }

    void Reserve(int free)
    {
        if (_array.Length - Length >= free)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Min(
            Array.MaxLength, Math.Max((long)Length + free, 2L * _array.Length))));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Temporalio.Common;

/// <summary>
/// A generator whose numbers follow from its seed alone, on every machine and version: PCG-64-MCG, seeded and sampled as the
/// official SDKs do it. Not for secrets.
/// </summary>
public class DeterministicRandom : Random
{
    static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    UInt128 _state;

    /// <summary>A generator with this seed.</summary>
    public DeterministicRandom(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < bytes.Length; i += 4)
        {
            seed = unchecked((seed * 6364136223846793005) + 11634580027462260723);
            var mixed = unchecked((uint)(((seed >> 18) ^ seed) >> 27));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[i..], BitOperations.RotateRight(mixed, (int)(seed >> 59)));
        }

        _state = BinaryPrimitives.ReadUInt128LittleEndian(bytes) | UInt128.One;
    }

    /// <inheritdoc />
    public override int Next() => Next(0, int.MaxValue);

    /// <inheritdoc />
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc />
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        if (minValue == maxValue)
            return minValue;

        // Widening multiplication; what falls into the incomplete last part of the range is drawn again.
        var range = unchecked((uint)(maxValue - (long)minValue));
        var zone = unchecked((range << BitOperations.LeadingZeroCount(range)) - 1);
        while (true)
        {
            var product = (ulong)(uint)NextBits() * range;
            if ((uint)product <= zone)
                return (int)(minValue + (long)(product >> 32));
        }
    }

    /// <inheritdoc />
    public override double NextDouble() =>
        BitConverter.UInt64BitsToDouble((NextBits() >> 12) | 0x3FF0000000000000) - 1.0;

    /// <inheritdoc />
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc />
    public override void NextBytes(Span<byte> buffer)
    {
        Span<byte> chunk = stackalloc byte[8];
        while (buffer.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(chunk, NextBits());
            var count = Math.Min(chunk.Length, buffer.Length);
            chunk[..count].CopyTo(buffer);
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc />
    protected override double Sample() => NextDouble();

    ulong NextBits()
    {
        _state = unchecked(_state * Multiplier);
        return BitOperations.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Temporal.Engine;

/// <summary>CRC-32C of what a row holds. SQLite notices a broken page structure; only this notices a flipped bit in a value.</summary>
static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var rest in content)
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}

using System.Numerics;
using System.Text;

namespace Temporalio.Worker.Execution;

/// <summary>
/// The seed of a run's random numbers: SipHash-1-3 of its run id, as the official SDKs compute it, so that a run may move between
/// them and keep its generated ids.
/// </summary>
static class RunSeed
{
    public static ulong Of(string runId)
    {
        var bytes = Encoding.UTF8.GetBytes(runId + '\0');
        bytes[^1] = 0xFF;
        return SipHash13(bytes);
    }

    static ulong SipHash13(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            ulong v0 = 0x736f6d6570736575, v1 = 0x646f72616e646f6d, v2 = 0x6c7967656e657261, v3 = 0x7465646279746573;
            var length = (ulong)data.Length;
            while (data.Length >= 8)
            {
                var word = BitConverter.ToUInt64(data);
                v3 ^= word;
                Round(ref v0, ref v1, ref v2, ref v3);
                v0 ^= word;
                data = data[8..];
            }

            var last = length << 56;
            for (var i = 0; i < data.Length; i++)
                last |= (ulong)data[i] << (8 * i);
            v3 ^= last;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= last;
            v2 ^= 0xFF;
            for (var i = 0; i < 3; i++)
                Round(ref v0, ref v1, ref v2, ref v3);
            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}

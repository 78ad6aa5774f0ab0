using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace Temporal.Protocol.Tests;

/// <summary>Requests that no well-meaning client sends.</summary>
static class HostileBytes
{
    /// <summary>A message with its frame.</summary>
    public static byte[] Frame(bool compressed, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>So many zeros in gzip, which are few.</summary>
    public static byte[] Zeros(int count)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var chunk = new byte[1024 * 1024];
            for (var i = 0; i < count / chunk.Length; i++)
                gzip.Write(chunk);
        }

        return packed.ToArray();
    }

    /// <summary>A start request with a failure whose causes go so deep: continued_failure is field 18, a failure's cause field 4.</summary>
    public static byte[] Nest(int levels)
    {
        byte[] failure = [];
        for (var i = 0; i < levels; i++)
            failure = Wrap(field: 4, failure);
        return Wrap(field: 18, failure);
    }

    static byte[] Wrap(int field, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return bytes.ToArray();
    }
}

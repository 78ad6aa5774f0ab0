using System.Buffers.Binary;
using Google.Protobuf;
using Temporal.Protocol;

namespace Temporal.Engine.Visibility;

/// <summary>
/// The last row of a page; the next page begins behind it. Rows that come or go in between shift nothing.
/// </summary>
readonly record struct PageToken(long CloseOrder, long StartTime, long Key)
{
    const byte Version = 1;
    const int Length = 1 + (3 * sizeof(long));

    public ByteString ToBytes()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], CloseOrder);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], StartTime);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], Key);
        return ByteString.CopyFrom(bytes);
    }

    public static PageToken? Read(ByteString token)
    {
        if (token.IsEmpty)
            return null;
        var bytes = token.Span;
        if (bytes.Length != Length || bytes[0] != Version)
            throw new RpcFailure(
                RpcStatus.InvalidArgument, "invalid NextPageToken: it is not one that this server gave; list again from the first page");
        return new(
            BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[17..]));
    }
}

using System.Text.Unicode;
using Google.Protobuf.Reflection;

namespace Temporal.Protocol;

/// <summary>
/// Whether the strings in a message are valid UTF-8. The parser replaces what is not, without a word; a server must
/// refuse it, or it would store another text than it was sent.
/// </summary>
static class Utf8Strings
{
    const int VarintBytesMax = 10;

    /// <param name="message">Bytes that the parser has already accepted as such a message.</param>
    public static bool AreValid(MessageDescriptor type, ReadOnlySpan<byte> message) =>
        // Most messages are plain text all over, lengths and tags included; that is one fast look.
        Utf8.IsValid(message) || Walk(type, message);

    static bool Walk(MessageDescriptor type, ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            var tag = Varint(ref message);
            switch ((int)(tag & 7))
            {
                case 0:
                    Varint(ref message);
                    break;
                case 1:
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    if (!IsValid(type.FindFieldByNumber((int)(tag >> 3)), message[..length]))
                        return false;
                    message = message[length..];
                    break;
                case 5:
                    message = message[4..];
                    break;
                default:
                    // Groups do not occur in these messages; what an unknown one holds is not looked at by anyone.
                    return true;
            }
        }

        return true;
    }

    static bool IsValid(FieldDescriptor? field, ReadOnlySpan<byte> content) => field?.FieldType switch
    {
        FieldType.String => Utf8.IsValid(content),
        FieldType.Message => AreValid(field.MessageType, content),
        _ => true,
    };

    static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < VarintBytesMax; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if ((bytes[i] & 0x80) != 0)
                continue;
            bytes = bytes[(i + 1)..];
            return value;
        }

        throw new InvalidDataException("A number of a message has more than ten bytes.");
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// Reads a compiled tz file (TZif, RFC 9636). The framework's own reader turns transitions into yearly rules and loses some of the odd
/// ones; due times need each change as it is.
/// </summary>
static class ZoneFile
{
    // The rule at the end of the file is written out for as long as due times are looked for, and the turn of that year.
    internal const int LastYear = FieldSet.LastYear + 1;

    const int HeaderLength = 44;

    public static Zone Read(string id, ReadOnlySpan<byte> file)
    {
        var first = Header.Read(file);
        if (first.Version == 0)
            return Build(id, file[HeaderLength..], first, timeSize: 4, footer: "");

        var rest = file[(HeaderLength + first.BodyLength(4))..];
        var second = Header.Read(rest);
        var body = rest[HeaderLength..];
        var footer = Encoding.ASCII.GetString(body[second.BodyLength(8)..]).Trim('\n');
        return Build(id, body, second, timeSize: 8, footer);
    }

    static Zone Build(string id, ReadOnlySpan<byte> body, Header header, int timeSize, string footer)
    {
        var indexes = body[(header.Times * timeSize)..];
        var types = indexes[header.Times..];
        List<long> starts = [long.MinValue];
        List<int> offsets = [OffsetOf(types, 0)];
        for (var i = 0; i < header.Times; i++)
        {
            starts.Add(timeSize == 8
                ? BinaryPrimitives.ReadInt64BigEndian(body[(i * 8)..])
                : BinaryPrimitives.ReadInt32BigEndian(body[(i * 4)..]));
            offsets.Add(OffsetOf(types, indexes[i]));
        }

        if (footer.Length > 0)
            PosixRule.Parse(footer).Extend(starts, offsets, LastYear);
        return new Zone(id, starts, offsets);
    }

    static int OffsetOf(ReadOnlySpan<byte> types, int index) => BinaryPrimitives.ReadInt32BigEndian(types[(index * 6)..]);

    readonly record struct Header(int Version, int UtFlags, int StandardFlags, int Leaps, int Times, int Types, int Letters)
    {
        public static Header Read(ReadOnlySpan<byte> at)
        {
            if (at.Length < HeaderLength || !at[..4].SequenceEqual("TZif"u8))
                throw new InvalidDataException("not a time zone file");
            return new Header(at[4], Count(at, 20), Count(at, 24), Count(at, 28), Count(at, 32), Count(at, 36), Count(at, 40));
        }

        public int BodyLength(int timeSize) =>
            (Times * timeSize) + Times + (Types * 6) + Letters + (Leaps * (timeSize + 4)) + StandardFlags + UtFlags;

        static int Count(ReadOnlySpan<byte> at, int offset) => BinaryPrimitives.ReadInt32BigEndian(at[offset..]);
    }
}

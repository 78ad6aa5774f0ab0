using System.Buffers.Binary;
using System.Text;

namespace Temporal.Engine.Schedules;

/// <summary>Reads the compiled form of a time zone (TZif, RFC 9636), versions 1 to 4.</summary>
static class ZoneFile
{
    const int HeaderLength = 44;
    const int FirstRuleYear = 1969;

    public static Zone Read(ReadOnlySpan<byte> file)
    {
        try
        {
            var header = Header.Read(file);
            if (header.Version < 2)
                return Build(file[HeaderLength..], header, wide: false, null);
            // Later versions repeat everything with 64-bit times, followed by the rule for later years.
            file = file[(HeaderLength + header.DataLength(4))..];
            header = Header.Read(file);
            var rule = Encoding.ASCII.GetString(file[(HeaderLength + header.DataLength(8))..]).Trim('\n');
            return Build(file[HeaderLength..], header, wide: true, ZoneRule.Read(rule));
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw Malformed();
        }
    }

    static Zone Build(ReadOnlySpan<byte> data, Header header, bool wide, ZoneRule? rule)
    {
        var width = wide ? 8 : 4;
        var times = data[..(header.Times * width)];
        var indexes = data.Slice(times.Length, header.Times);
        var types = data.Slice(times.Length + indexes.Length, header.Types * 6);
        var starts = new List<long> { long.MinValue };
        var offsets = new List<int> { FirstOffset(indexes, types, rule) };
        for (var i = 0; i < header.Times; i++)
        {
            var start = wide
                ? BinaryPrimitives.ReadInt64BigEndian(times[(i * 8)..])
                : BinaryPrimitives.ReadInt32BigEndian(times[(i * 4)..]);
            Add(starts, offsets, start, OffsetOf(types, indexes[i]));
        }

        if (rule is not null)
            AddRule(starts, offsets, rule, header.Times);
        return new([.. starts], [.. offsets]);
    }

    static void AddRule(List<long> starts, List<int> offsets, ZoneRule rule, int listed)
    {
        if (!rule.HasDaylight)
        {
            if (listed == 0)
                offsets[0] = rule.StandardOffset;
            return;
        }

        var last = starts[^1];
        var year = last == long.MinValue ? FirstRuleYear : DateTime.UnixEpoch.AddSeconds(last).Year;
        // One year more than calendars know: the last local times end in the next year's UTC.
        for (; year <= CalendarLimits.LastYear + 1; year++)
        {
            foreach (var (instant, offset) in rule.ChangesOf(year))
            {
                if (instant > last)
                    Add(starts, offsets, instant, offset);
            }
        }
    }

    static void Add(List<long> starts, List<int> offsets, long start, int offset)
    {
        // Only the name or the flag changed: no change of the clock.
        if (offset == offsets[^1])
            return;
        if (start <= starts[^1])
            throw Malformed();
        starts.Add(start);
        offsets.Add(offset);
    }

    // What holds before the first listed change: the first type that is not daylight time.
    static int FirstOffset(ReadOnlySpan<byte> indexes, ReadOnlySpan<byte> types, ZoneRule? rule)
    {
        if (types.IsEmpty)
            throw Malformed();
        if (indexes.IsEmpty && rule is not null)
            return rule.StandardOffset;
        if (!indexes.Contains((byte)0))
            return OffsetOf(types, 0);
        for (var type = 0; type < types.Length / 6; type++)
        {
            if (types[(type * 6) + 4] == 0)
                return OffsetOf(types, type);
        }

        return OffsetOf(types, 0);
    }

    static int OffsetOf(ReadOnlySpan<byte> types, int type) => BinaryPrimitives.ReadInt32BigEndian(types[(type * 6)..]);

    static InvalidSpecException Malformed() => new("malformed time zone information");

    readonly record struct Header(int Version, int UtcFlags, int StandardFlags, int Leaps, int Times, int Types, int NameBytes)
    {
        public static Header Read(ReadOnlySpan<byte> data)
        {
            if (data.Length < HeaderLength || !data[..4].SequenceEqual("TZif"u8))
                throw Malformed();
            var version = data[4] == 0 ? 1 : data[4] - '0';
            var header = new Header(
                version, Count(data, 0), Count(data, 1), Count(data, 2), Count(data, 3), Count(data, 4), Count(data, 5));
            return version is >= 1 and <= 4 ? header : throw Malformed();
        }

        public int DataLength(int timeWidth) =>
            (Times * timeWidth) + Times + (Types * 6) + NameBytes + (Leaps * (timeWidth + 4)) + StandardFlags + UtcFlags;

        static int Count(ReadOnlySpan<byte> data, int index)
        {
            var count = BinaryPrimitives.ReadInt32BigEndian(data[(20 + (index * 4))..]);
            return count is >= 0 and < 1 << 20 ? count : throw Malformed();
        }
    }
}

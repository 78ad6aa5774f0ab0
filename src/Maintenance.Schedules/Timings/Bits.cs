using System.Numerics;

namespace Maintenance.Schedules;

/// <summary>A set of small numbers (0 to 63) as the bits of one word.</summary>
public readonly record struct Bits(ulong Word)
{
    public static Bits Of(params ReadOnlySpan<int> values)
    {
        ulong word = 0;
        foreach (var value in values)
            word |= 1UL << value;
        return new Bits(word);
    }

    public static Bits Range(int first, int last, int step = 1)
    {
        ulong word = 0;
        for (var value = first; value <= last; value += step)
            word |= 1UL << value;
        return new Bits(word);
    }

    public bool IsEmpty => Word == 0;

    public int Count => BitOperations.PopCount(Word);

    public int First => BitOperations.TrailingZeroCount(Word);

    public bool Has(int value) => (Word >> value & 1) != 0;

    /// <summary>The smallest member that is at least <paramref name="value"/>, or -1.</summary>
    public int AtLeast(int value)
    {
        if (value > 63)
            return -1;
        var rest = Word & ulong.MaxValue << value;
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }

    public Bits Or(Bits other) => new(Word | other.Word);

    public IEnumerable<int> Values()
    {
        for (var value = AtLeast(0); value >= 0; value = AtLeast(value + 1))
            yield return value;
    }
}

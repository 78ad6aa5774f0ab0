using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Reads one field: items between commas, each a star, a value or a range, the star and the range with a step.</summary>
sealed class CronFieldReader(CronField field, string text, int column, List<TimingError> errors)
{
    public Bits Read()
    {
        var bits = default(Bits);
        var from = 0;
        while (from <= text.Length)
        {
            var comma = text.IndexOf(',', from);
            var end = comma < 0 ? text.Length : comma;
            bits = bits.Or(Item(text[from..end], column + from));
            from = end + 1;
        }

        return bits;
    }

    Bits Item(string item, int at)
    {
        var slash = item.IndexOf('/');
        var span = slash < 0 ? item : item[..slash];
        var step = 1;
        if (slash >= 0 && !TryNumber(item[(slash + 1)..], out step))
            return Refuse(CronAdvice.Item(field, item, at));

        if (span == "*")
            return step == 0 ? Refuse(ZeroStep(at)) : Bits.Range(field.Min, field.Max, step);

        var dash = span.IndexOf('-');
        if (!TryValue(dash < 0 ? span : span[..dash], out var first))
            return Refuse(CronAdvice.Item(field, item, at));
        var last = first;
        if (dash >= 0 && !TryValue(span[(dash + 1)..], out last))
            return Refuse(CronAdvice.Item(field, item, at));
        if (first < field.Min || first > field.Max || last < field.Min || last > field.Max)
            return Refuse(new TimingError(at, $"'{item}' is out of range for the {field.Name}.", $"Use {field.Limits}."));
        if (slash >= 0 && dash < 0)
            return Refuse(CronAdvice.StepWithoutRange(field, first, step, item, at));
        if (step == 0)
            return Refuse(ZeroStep(at));
        if (last < first)
            return Refuse(CronAdvice.Backwards(field, item, span, first, last, at));
        return Bits.Range(first, last, step);
    }

    bool TryValue(string word, out int value)
    {
        if (TryNumber(word, out value))
            return true;
        value = field.NumberOf(word);
        return value >= 0;
    }

    static bool TryNumber(string word, out int value)
    {
        value = 0;
        if (word.Length == 0 || !word.All(char.IsAsciiDigit))
            return false;
        // Too long for an int is certainly out of every range.
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            value = int.MaxValue / 2;
        return true;
    }

    static TimingError ZeroStep(int at) => new(at, "A step of 0 never advances; cron refuses it as well.", "Use a step of at least 1.");

    Bits Refuse(TimingError error)
    {
        errors.Add(error);
        return default;
    }
}

namespace Maintenance.Schedules;

/// <summary>
/// <c>Mon,Wed..Fri</c>; the week begins on Monday, and ranges do not go around its end. A comma at the end is taken, as systemd does.
/// </summary>
static class OnCalendarWeekdays
{
    static readonly string[] _names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static Bits Read(string text, int column, List<TimingError> errors)
    {
        var days = default(Bits);
        var at = column;
        var items = text.Split(',');
        foreach (var item in items.Length > 1 && items[^1].Length == 0 ? items[..^1] : items)
        {
            var ends = item.Contains("..", StringComparison.Ordinal) ? item.Split("..") : item.Split('-');
            var (first, last) = (Number(ends[0]), Number(ends[^1]));
            if (ends.Length > 2 || first < 0 || last < 0)
                errors.Add(new TimingError(at, $"'{item}' is no day of the week.", "Write Mon, or Mon..Fri, separated by commas."));
            else if (last < first)
                errors.Add(new TimingError(
                    at,
                    $"'{item}' runs backwards; systemd refuses it.",
                    "The week begins on Monday: write the part before and after its end apart, such as Sat,Sun,Mon..Thu."));
            else
                days = days.Or(Bits.Range(first, last));
            at += item.Length + 1;
        }

        // Monday is 0 so far, Sunday 6.
        return new Bits((days.Word << 1 & FieldSet.AllWeekdays.Word) | (days.Has(6) ? 1UL : 0));
    }

    static int Number(string name) => Array.FindIndex(_names, n =>
        string.Equals(n, name, StringComparison.OrdinalIgnoreCase) || string.Equals(n[..3], name, StringComparison.OrdinalIgnoreCase));
}

using System.Globalization;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Temporal.Engine.Schedules;

enum FieldNames
{
    Numbers,
    Years,
    Months,
    DaysOfWeek,
}

/// <summary>One field of a calendar in its text form (<c>1-5/2,8</c>) and the ranges it means.</summary>
sealed record FieldText(string Name, string Default, int Minimum, int Maximum, FieldNames Names = FieldNames.Numbers)
{
    public static readonly FieldText Second = new("Second", "0", 0, 59);
    public static readonly FieldText Minute = new("Minute", "0", 0, 59);
    public static readonly FieldText Hour = new("Hour", "0", 0, 23);
    public static readonly FieldText DayOfMonth = new("DayOfMonth", "*", 1, 31);
    public static readonly FieldText Month = new("Month", "*", 1, 12, FieldNames.Months);
    public static readonly FieldText Year = new("Year", "*", CalendarLimits.FirstYear, CalendarLimits.LastYear, FieldNames.Years);

    /// <summary>Seven is Sunday in text only; the ranges it gives know 0 to 6.</summary>
    public static readonly FieldText DayOfWeek = new("DayOfWeek", "*", 0, 7, FieldNames.DaysOfWeek);

    static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    public IEnumerable<Range> Read(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            text = Default;
        // Every year is written as no range at all.
        if (text == "*" && Names == FieldNames.Years)
            return [];
        var ranges = new List<Range>();
        foreach (var part in text.Split(','))
            AddPart(ranges, part);
        return ranges;
    }

    void AddPart(List<Range> ranges, string part)
    {
        var step = 1;
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            step = Step(part[(slash + 1)..]);
            part = part[..slash];
        }

        var (start, end) = Ends(part, openEnded: slash >= 0);
        if (Names == FieldNames.DaysOfWeek && end == 7)
        {
            // Sunday as 7 needs a range of its own, unless 0 is in this one already or may join it at its end.
            if ((7 - start) % step == 0 && (step > 1 || start > 1))
                ranges.Add(new());
            if (start == 7)
                return;
            end = 6;
        }

        // Zero says "same as start" and "every": the short form that is stored; what clients see is filled in.
        ranges.Add(new() { Start = start, End = start == end ? 0 : end, Step = step == 1 ? 0 : step });
    }

    int Step(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            throw new InvalidSpecException($"{Name} has too many slashes");
        if (text.Length == 0)
            throw new InvalidSpecException($"{Name} missing step value");
        if (!TryNumber(text, out var step))
            throw new InvalidSpecException(
                $"strconv.Atoi: parsing {GoDuration.Quote(text)}: {(IsNumber(text) ? "value out of range" : "invalid syntax")}");
        if (step < 1)
            throw new InvalidSpecException($"{Name} has invalid Step");
        return (int)Math.Min(step, int.MaxValue);
    }

    (int Start, int End) Ends(string part, bool openEnded)
    {
        if (part == "*")
            return (Minimum, Maximum);
        var dash = part.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            var only = Value(part, Minimum) ?? throw new InvalidSpecException($"{Name} is not in range [{Minimum}-{Maximum}]");
            return (only, openEnded ? Maximum : only);
        }

        if (part.IndexOf('-', dash + 1) >= 0)
            throw new InvalidSpecException($"{Name} has too many dashes");
        var start = Value(part[..dash], Minimum) ?? throw new InvalidSpecException($"{Name} Start is not in range [{Minimum}-{Maximum}]");
        var end = Value(part[(dash + 1)..], start)
            ?? throw new InvalidSpecException($"{Name} End is before Start or not in range [{Minimum}-{Maximum}]");
        return (start, end);
    }

    int? Value(string text, int minimum)
    {
        var named = Names switch
        {
            FieldNames.Months => Named(Months, text, 3) + 1,
            FieldNames.DaysOfWeek => Named(Days, text, 2),
            _ => null,
        };
        var value = named ?? (TryNumber(text, out var number) ? number : -1);
        return value >= minimum && value <= Maximum ? (int)value : null;
    }

    // Any beginning of a name will do, from the number of letters that tells them apart well enough.
    static int? Named(string[] names, string text, int letters)
    {
        var index = text.Length < letters ? -1 : Array.FindIndex(names, name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index;
    }

    static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && IsNumber(text);

    static bool IsNumber(string text) =>
        text.TrimStart('+', '-') is { Length: > 0 } digits && digits.Length >= text.Length - 1 && digits.All(char.IsAsciiDigit);
}

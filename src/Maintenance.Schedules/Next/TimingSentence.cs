using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Says a timing as a sentence: "at 03:30 on Monday to Friday (Europe/Berlin)".</summary>
public static class TimingSentence
{
    const int ListMax = 4;

    static readonly string[] _weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public static string Of(Schedule schedule)
    {
        var timings = schedule.Timings.Select(t => Of(t)).Distinct().ToList();
        var zone = schedule.Timings.Any(t => t is FieldsTiming) ? $" ({schedule.TimeZone})" : "";
        var calendars = Named(" except ", schedule.Exclude) + Named(" only within ", schedule.Only);
        return string.Join("; ", timings) + calendars + zone;
    }

    public static string Of(Timing timing) => timing switch
    {
        FieldsTiming { Origin: FieldsOrigin.At } at => $"once at {at.Text.Replace('T', ' ')}",
        FieldsTiming fields => $"{Times(fields.Fields)}{Days(fields.Fields)}",
        IntervalTiming interval =>
            $"every {interval.Text}{(interval.Offset == 0 ? "" : $", offset {Durations.Format(TimeSpan.FromSeconds(interval.Offset))}")}",
        InstantTiming instant => $"once at {Instants.Format(instant.At)}",
        _ => timing.Text,
    };

    static string Named(string word, IReadOnlyList<DayCalendar> calendars) =>
        calendars.Count == 0 ? "" : word + string.Join(", ", calendars.Select(c => c.Name.Length == 0 ? "a calendar of its own" : c.Name));

    static string Times(FieldSet f)
    {
        if (f.Seconds != Bits.Of(0))
            return $"at second {List(f.Seconds)} of {Minutes(f)}";
        if (f.Hours.Count * f.Minutes.Count <= ListMax)
            return "at " + And([.. f.Hours.Values().SelectMany(h => f.Minutes.Values().Select(m => $"{h:00}:{m:00}"))]);
        return Minutes(f);
    }

    static string Minutes(FieldSet f)
    {
        var every = StepOf(f.Minutes) is { } step ? step == 1 ? "every minute" : $"every {step} minutes" : $"at minute {List(f.Minutes)}";
        if (f.Hours == FieldSet.AllHours)
            return StepOf(f.Minutes) is null ? $"{every} of every hour" : every;
        var (first, last) = (f.Hours.First, f.Hours.Values().Last());
        if (f.Hours == Bits.Range(first, last))
            return $"{every} from {first:00}:{f.Minutes.First:00} to {last:00}:{f.Minutes.Values().Last():00}";
        return $"{every} in hour {List(f.Hours)}";
    }

    /// <summary>n for minutes 0, n, 2n and so on through the whole hour.</summary>
    static int? StepOf(Bits minutes)
    {
        for (var step = 1; step <= 30; step++)
        {
            if (60 % step == 0 && minutes == Bits.Range(0, 59, step))
                return step;
        }

        return null;
    }

    static string Days(FieldSet f)
    {
        var days = DayWords(f);
        var months = f.Months == FieldSet.AllMonths ? "" : " in " + And([.. Ranges(f.Months).Select(r => RangeOf(r, MonthName))]);
        var years = f.Years.Count == 0
            ? ""
            : " of " + And([.. f.Years.Select(y => y.First == y.Last ? $"{y.First}" : $"{y.First} to {y.Last}")]);
        return days + months + years;
    }

    static string DayWords(FieldSet f)
    {
        var weekdays = f.Weekdays == FieldSet.AllWeekdays ? "" : And([.. Ranges(f.Weekdays).Select(r => RangeOf(r, d => _weekdays[d]))]);
        List<string> numbers = [];
        if (f.Days != FieldSet.AllDays && !f.Days.IsEmpty)
            numbers.Add($"day {List(f.Days)}");
        if (!f.DaysFromEnd.IsEmpty)
            numbers.Add(f.DaysFromEnd == Bits.Of(1) ? "the last day" : $"day {List(f.DaysFromEnd)} from the end");
        var dates = numbers.Count == 0 ? "" : $"{And(numbers)} of the month";
        return (dates, weekdays) switch
        {
            ("", "") => "",
            ("", _) => $" on {weekdays}",
            (_, "") => f.EitherDay ? "" : $" on {dates}",
            _ => f.EitherDay ? $" on {dates} and on {weekdays}" : $" on {weekdays} if it is {dates}",
        };
    }

    static string MonthName(int month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month);

    static string List(Bits bits) => And([.. Ranges(bits).Select(r => RangeOf(r, v => v.ToString(CultureInfo.InvariantCulture)))]);

    static string RangeOf((int First, int Last) range, Func<int, string> name) => range.First == range.Last
        ? name(range.First)
        : range.Last == range.First + 1 ? $"{name(range.First)} and {name(range.Last)}" : $"{name(range.First)} to {name(range.Last)}";

    static IEnumerable<(int First, int Last)> Ranges(Bits bits)
    {
        for (var first = bits.AtLeast(0); first >= 0;)
        {
            var last = first;
            while (bits.Has(last + 1))
                last++;
            yield return (first, last);
            first = bits.AtLeast(last + 1);
        }
    }

    static string And(List<string> words) =>
        words.Count <= 1 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}

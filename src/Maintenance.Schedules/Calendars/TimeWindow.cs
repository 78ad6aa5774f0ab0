using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// A part of the day, <c>22:00-06:00</c>; the end is not included. One that ends before it begins runs into the next day.
/// </summary>
public sealed record TimeWindow(string Text, int FirstMinute, int EndMinute)
{
    const int Midnight = 24 * 60;

    public bool CrossesMidnight => EndMinute <= FirstMinute;

    public static bool TryParse(string text, out TimeWindow? window)
    {
        window = null;
        var parts = text.Split('-');
        if (parts.Length != 2 || !TryMinute(parts[0], out var first) || !TryMinute(parts[1], out var end) || first == Midnight
            || first == end)
            return false;
        window = new TimeWindow(text, first, end);
        return true;
    }

    static bool TryMinute(string text, out int minute)
    {
        minute = Midnight;
        if (text == "24:00")
            return true;
        var good = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        minute = (time.Hour * 60) + time.Minute;
        return good;
    }
}

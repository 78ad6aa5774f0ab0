using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Points in time as they are written here: ISO 8601 to the minute or second, with Z or an offset, or without either (local).
/// </summary>
public static class Instants
{
    static readonly string[] _withOffset = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK"];
    static readonly string[] _local = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var hasOffset = text.EndsWith('Z')
            || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':' && text.Contains('T', StringComparison.Ordinal));
        return hasOffset && DateTimeOffset.TryParseExact(
            text, _withOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
    }

    public static bool TryParseLocal(string text, out DateTime local) =>
        DateTime.TryParseExact(text, _local, CultureInfo.InvariantCulture, DateTimeStyles.None, out local);

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(
        "yyyy-MM-ddTHH:mm:ssZ",
        CultureInfo.InvariantCulture);

    public static string Format(long instant) => Format(DateTimeOffset.FromUnixTimeSeconds(instant));
}

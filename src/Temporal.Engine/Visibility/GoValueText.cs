using System.Globalization;
using System.Text.Json.Nodes;

namespace Temporal.Engine.Visibility;

/// <summary>Values as the real server's language prints them; its error texts contain them.</summary>
static class GoValueText
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonArray list => $"[{string.Join(' ', list.Select(Of))}]",
        JsonObject map =>
            $"map[{string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Of(pair.Value)}"))}]",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var truth) => truth ? "true" : "false",
        _ => Number(node.GetValue<double>()),
    };

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var numbers = new List<string>();
        foreach (var b in bytes)
            numbers.Add(b.ToString(CultureInfo.InvariantCulture));
        return $"[{string.Join(' ', numbers)}]";
    }

    // The shortest digits that tell the number; from a million on, and below a ten-thousandth, with an exponent.
    static string Number(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var exponent = number == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(number)));
        if (exponent is >= -4 and < 6)
            return shortest;
        var digits = new string([.. shortest.Split('E')[0].Where(char.IsAsciiDigit)]).Trim('0');
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{(number < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}

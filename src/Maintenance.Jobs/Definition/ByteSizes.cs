using System.Globalization;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Definition;

/// <summary>Amounts of bytes as people write them: a whole number and KiB, MiB or GiB.</summary>
static partial class ByteSizes
{
    public const string Example = "Write a whole number and KiB, MiB or GiB, such as 512MiB.";
    public const string Pattern = "^[0-9]{1,6}(KiB|MiB|GiB)$";

    public static long? Parse(string text)
    {
        if (!SizePattern().IsMatch(text))
            return null;
        var number = long.Parse(text.AsSpan(0, text.Length - 3), CultureInfo.InvariantCulture);
        return text[^3] switch { 'K' => number << 10, 'M' => number << 20, _ => number << 30 };
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex SizePattern();
}

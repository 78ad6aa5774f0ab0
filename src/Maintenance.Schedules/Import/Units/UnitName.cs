using System.Text;

namespace Maintenance.Schedules;

/// <summary>The name of a unit (<c>backup@orders.timer</c>) and what <c>%</c> stands for in its file.</summary>
public sealed record UnitName(string Full)
{
    public string WithoutSuffix => Full.Contains('.', StringComparison.Ordinal) ? Full[..Full.LastIndexOf('.')] : Full;

    public string Prefix => WithoutSuffix.Split('@', 2)[0];

    public string Instance => WithoutSuffix.Split('@', 2) is [_, var instance] ? instance : "";

    /// <summary>
    /// Replaces the specifiers that the name alone decides. Others depend on the machine (<c>%H</c>, <c>%t</c>); they stay as they are and
    /// are added to <paramref name="unknown"/>.
    /// </summary>
    public string Expand(string text, ICollection<string>? unknown = null)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 1 == text.Length)
                result.Append(text[i]);
            else if (Value(text[++i]) is { } value)
                result.Append(value);
            else
                Keep(text[i]);
        }

        return result.ToString();

        void Keep(char specifier)
        {
            result.Append('%').Append(specifier);
            if (char.IsAsciiLetter(specifier))
                unknown?.Add($"%{specifier}");
        }
    }

    string? Value(char specifier) => specifier switch
    {
        '%' => "%",
        'n' => Full,
        'N' => WithoutSuffix,
        'p' => Prefix,
        'P' => Unescape(Prefix),
        'i' => Instance,
        'I' => Unescape(Instance),
        'j' => Prefix.Split('-')[^1],
        'J' => Unescape(Prefix.Split('-')[^1]),
        _ => null,
    };

    /// <summary>In names a slash is written as <c>-</c>, and a dash as <c>\x2d</c>.</summary>
    static string Unescape(string name) => new UnitWords(name.Replace('-', '/')).Next(relaxed: true) ?? "";
}

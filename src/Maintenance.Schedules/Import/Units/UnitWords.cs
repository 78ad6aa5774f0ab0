using System.Globalization;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// Cuts a value into words as systemd does: quotes of either kind anywhere in a word, C escapes also inside of quotes. No shell is
/// involved, so <c>$</c>, <c>*</c> and <c>;</c> are ordinary here.
/// </summary>
sealed class UnitWords(string text)
{
    int _at;

    public bool AtEnd => _at >= text.Length;

    public string Rest => text[_at..];

    public void Skip(int count)
    {
        _at += count;
        SkipBlanks();
    }

    /// <summary>The next word; null at the end.</summary>
    /// <param name="relaxed">An escape that is none stays as it is written; else it is an error.</param>
    /// <exception cref="FormatException">A quote is not closed, or an escape is none.</exception>
    public string? Next(bool relaxed)
    {
        SkipBlanks();
        if (AtEnd)
            return null;
        var word = new StringBuilder();
        var quote = '\0';
        for (; !AtEnd; _at++)
        {
            var c = text[_at];
            if (c == '\\')
                Escape(word, relaxed);
            else if (c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '"' or '\'')
                quote = c;
            else if (quote == '\0' && IsBlank(c))
                break;
            else
                word.Append(c);
        }

        if (quote != '\0')
            throw new FormatException($"a quote ({quote}) is not closed");
        SkipBlanks();
        return word.ToString();
    }

    void Escape(StringBuilder word, bool relaxed)
    {
        var rest = text[(_at + 1)..];
        if (Unescape(rest) is var (value, length))
        {
            word.Append(value);
            _at += length;
        }
        else if (relaxed)
        {
            word.Append('\\');
            if (rest.Length > 0)
                word.Append(text[++_at]);
        }
        else
        {
            throw new FormatException(rest.Length == 0 ? "a backslash at the end" : $"'\\{rest[0]}' is no escape");
        }
    }

    static (string Value, int Length)? Unescape(string rest)
    {
        if (rest.Length == 0)
            return null;
        var simple = "abfnrtv\\\"'s".IndexOf(rest[0], StringComparison.Ordinal);
        if (simple >= 0)
            return ("\a\b\f\n\r\t\v\\\"' "[simple].ToString(), 1);
        return rest[0] switch
        {
            'x' => Code(rest, 1, 2, 16),
            'u' => Code(rest, 1, 4, 16),
            'U' => Code(rest, 1, 8, 16),
            >= '0' and <= '7' => Code(rest, 0, 3, 8),
            _ => null,
        };
    }

    static (string, int)? Code(string rest, int from, int digits, int radix)
    {
        if (rest.Length < from + digits)
            return null;
        var value = 0L;
        foreach (var digit in rest.AsSpan(from, digits))
        {
            if (!int.TryParse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || number >= radix)
                return null;
            value = (value * radix) + number;
        }

        // No word can hold a NUL, and only Unicode's characters are any.
        return value > 0 && Rune.IsValid((int)Math.Min(value, int.MaxValue)) ? (new Rune((int)value).ToString(), from + digits) : null;
    }

    void SkipBlanks()
    {
        while (!AtEnd && IsBlank(text[_at]))
            _at++;
    }

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r';
}

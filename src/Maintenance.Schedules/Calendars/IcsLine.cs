namespace Maintenance.Schedules;

/// <summary>A property of an iCalendar file, unfolded; the number is that of its first line.</summary>
sealed record IcsLine(int Number, string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    public static IEnumerable<IcsLine> Of(string text)
    {
        var (number, current) = (0, "");
        var line = 0;
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            line++;
            var part = raw.TrimEnd('\r');
            // A line that begins with a blank goes on with the one before.
            if (part.Length > 0 && part[0] is ' ' or '\t')
            {
                current += part[1..];
                continue;
            }

            if (current.Length > 0)
                yield return Parse(number, current);
            (number, current) = (line, part);
        }

        if (current.Length > 0)
            yield return Parse(number, current);
    }

    static IcsLine Parse(int number, string text)
    {
        var (parts, from, quoted, at) = (new List<string>(), 0, false, 0);
        for (; at < text.Length && (quoted || text[at] != ':'); at++)
        {
            quoted ^= text[at] == '"';
            if (text[at] == ';' && !quoted)
            {
                parts.Add(text[from..at]);
                from = at + 1;
            }
        }

        parts.Add(text[from..Math.Min(at, text.Length)]);
        var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0].ToUpperInvariant(), StringComparer.Ordinal)
            .ToDictionary(p => p.Key, p => p.First()[1].Trim('"'), StringComparer.Ordinal);
        return new IcsLine(number, parts[0].ToUpperInvariant(), parameters, at < text.Length ? text[(at + 1)..].Trim() : "");
    }
}

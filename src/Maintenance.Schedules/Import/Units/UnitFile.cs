using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// An assignment of a unit file. A value that goes on over several lines has the number of its last one, as in systemd's messages.
/// </summary>
/// <param name="DropIn">The file of NAME.d that it stands in; null: the unit itself.</param>
sealed record UnitAssignment(int Line, string Section, string Key, string Value, string? DropIn = null)
{
    public UnitProblem Problem(string reason) => UnitProblem.In(DropIn, Line, reason);
}

/// <summary>A file of NAME.timer.d or NAME.service.d, which systemd reads behind the unit, in the order of the names.</summary>
public sealed record UnitDropIn(string Name, byte[] Content);

/// <summary>
/// A systemd unit file as its lines: comments gone, continued lines joined, blanks around names and values cut. What stands where systemd
/// expects nothing is in <see cref="Ignored"/>, as systemd goes on without it.
/// </summary>
sealed record UnitFile(IReadOnlyList<UnitAssignment> Assignments, IReadOnlyList<UnitProblem> Ignored)
{
    const string Blanks = " \t\n\r";

    public static UnitFile Parse(ReadOnlySpan<byte> content, IEnumerable<UnitDropIn> dropIns)
    {
        var files = dropIns.OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => Parse(file.Content, file.Name))
            .Prepend(Parse(content))
            .ToList();
        return new UnitFile([.. files.SelectMany(file => file.Assignments)], [.. files.SelectMany(file => file.Ignored)]);
    }

    static UnitFile Parse(ReadOnlySpan<byte> content, string? dropIn = null)
    {
        var (assignments, ignored) = (new List<UnitAssignment>(), new List<UnitProblem>());
        string? section = null;
        foreach (var (number, line) in Lines(Encoding.UTF8.GetString(content).TrimStart('\uFEFF')))
        {
            if (line[0] == '[')
            {
                section = line[^1] == ']' ? line[1..^1] : null;
                if (section is null)
                    ignored.Add(UnitProblem.In(dropIn, number, "the section's name does not end in ']'"));
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (section is null)
                ignored.Add(UnitProblem.In(dropIn, number, "an assignment outside of any section"));
            else if (equals <= 0)
                ignored.Add(UnitProblem.In(dropIn, number, equals < 0 ? "'=' is missing" : "a name is missing before '='"));
            else
                assignments.Add(
                    new UnitAssignment(
                        number, section, line[..equals].Trim(Blanks.ToCharArray()), line[(equals + 1)..].Trim(Blanks.ToCharArray()),
                        dropIn));
        }

        return new UnitFile(assignments, ignored);
    }

    public IEnumerable<UnitAssignment> In(string section) => Assignments.Where(a => a.Section == section);

    /// <summary>The last value that was given, or null when there is none or the last one is empty.</summary>
    public string? Last(string section, string key) =>
        In(section).LastOrDefault(a => a.Key == key)?.Value is { Length: > 0 } value ? value : null;

    static IEnumerable<(int Number, string Text)> Lines(string text)
    {
        var pending = "";
        var number = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.TrimStart(' ', '\t');
            if (line.Length > 0 && line[0] is '#' or ';')
                continue;
            pending += line;
            if (EndsInBackslash(pending))
            {
                pending = pending[..^1] + " ";
                continue;
            }

            var whole = pending.Trim(' ', '\t');
            pending = "";
            if (whole.Length > 0)
                yield return (number, whole);
        }

        if (pending.Trim(' ', '\t') is { Length: > 0 } rest)
            yield return (number, rest);
    }

    /// <summary>An even number of backslashes escape each other.</summary>
    static bool EndsInBackslash(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;
}

/// <summary>A line of a unit that systemd cannot read, and why.</summary>
/// <param name="Line">0 where it is no single line of the unit itself.</param>
public sealed record UnitProblem(int Line, string Reason)
{
    /// <summary>One of a drop-in names its file.</summary>
    internal static UnitProblem In(string? dropIn, int line, string reason) =>
        dropIn is null ? new(line, reason) : new(0, $"{dropIn}, line {line}: {reason}");
}

using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// Switches one line of a crontab off and on again. A line that is switched off stays where it is, as a comment that names the schedule
/// which has taken it over, so that line numbers stay and a person can read what happened. All other bytes stay as they are.
/// </summary>
public static class CrontabTakeover
{
    const string Mark = "# maintenance:";

    /// <param name="line">Number of the line, from 1.</param>
    /// <param name="schedule">Its time fields as they were imported.</param>
    /// <returns>Null when that line is not (or no longer) the one that was imported.</returns>
    public static byte[]? SwitchOff(byte[] content, string id, int line, string schedule) => Edit(content, lines =>
    {
        if (line > lines.Length || !BeginsWith(lines[line - 1], schedule))
            return false;
        lines[line - 1] = $"{Mark}{id}: {lines[line - 1]}";
        return true;
    });

    /// <returns>Null when no line was switched off for this schedule.</returns>
    public static byte[]? SwitchOn(byte[] content, string id) => Edit(content, lines =>
    {
        var found = Array.FindIndex(lines, text => text.StartsWith($"{Mark}{id}: ", StringComparison.Ordinal));
        if (found < 0)
            return false;
        lines[found] = lines[found][$"{Mark}{id}: ".Length..];
        return true;
    });

    public static bool IsOff(byte[] content, string id) => SwitchOn(content, id) is not null;

    /// <summary>Bytes are kept as they are, whatever they mean.</summary>
    static byte[]? Edit(byte[] content, Func<string[], bool> edit)
    {
        var lines = Encoding.Latin1.GetString(content).Split('\n');
        return edit(lines) ? Encoding.Latin1.GetBytes(string.Join('\n', lines)) : null;
    }

    static bool BeginsWith(string line, string schedule) =>
        string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .StartsWith(schedule + " ", StringComparison.Ordinal);
}

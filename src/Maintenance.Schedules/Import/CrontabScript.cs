using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// The script of an imported line: cron's environment, the home folder, the line's own shell, and its standard input. The command is handed
/// over as one quoted argument, so that no character of it means something new.
/// </summary>
static class CrontabScript
{
    public static string Write(CrontabEntry entry, string source)
    {
        var script = new StringBuilder("#!/bin/sh\n");
        script.Append($"# Imported from {OneLine(source)}, line {entry.Line}: {entry.Schedule}\n\n");
        var environment = entry.Environment.ToDictionary(StringComparer.Ordinal);
        environment.TryAdd("PATH", CrontabAssignment.DefaultPath);
        var kept = environment.Where(v => IsName(v.Key) && v.Key != "MAILTO");
        foreach (var (name, value) in kept.OrderBy(v => v.Key, StringComparer.Ordinal))
            script.Append($"export {name}={Quote(value)}\n");
        script.Append("cd \"${HOME:-/}\" || exit 1\n\n");
        script.Append($"exec {entry.Shell} -c {Quote(entry.Command.TrimEnd('\r'))}");
        return script.Append(entry.Stdin.Length == 0 ? " < /dev/null\n" : HereText(entry.Stdin.Replace("\r", "", StringComparison.Ordinal)))
            .ToString();
    }

    static string HereText(string stdin)
    {
        var end = "END";
        while (stdin.Split('\n').Contains(end))
            end += "_";
        return $" <<'{end}'\n{stdin}{end}\n";
    }

    /// <summary>Cron takes names that a shell cannot set, such as one that begins with a digit.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static string Quote(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static string OneLine(string text) => text.ReplaceLineEndings(" ");
}

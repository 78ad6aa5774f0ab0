using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// The last line that a failed script wrote: most scripts say there why they gave up, and a list of runs has room for just that.
/// </summary>
static class LastWords
{
    const int LengthMax = 300;

    /// <returns>": " and the line, or nothing when the script said nothing.</returns>
    public static string Of(AttemptOutput? output)
    {
        var text = output is null ? "" : output.Tail.Length > 0 ? output.Tail : output.Head;
        var line = text.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0) ?? "";
        return line.Length switch
        {
            0 => "",
            > LengthMax => $": {line[..LengthMax]}…",
            _ => $": {line.TrimEnd('.')}",
        };
    }
}

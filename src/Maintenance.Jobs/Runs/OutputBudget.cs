using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// A run's record travels as one payload, which a server accepts up to 2 MiB. When there is too much, first the attempts before the last
/// one of each step go, then each attempt keeps an equal share of its output, then outputs are cut; the whole texts are in the store where
/// workers can reach it, and in the run's history.
/// </summary>
public static class OutputBudget
{
    /// <summary>As JSON. The rest of the 2 MiB is for the run's own fields, its input and its outputs.</summary>
    public const int StepsBytesMax = 1536 * 1024;

    /// <summary>Of the outputs of all steps together.</summary>
    public const int ValuesBytesMax = 384 * 1024;

    /// <summary>What one attempt brings into the history at most, head and tail together.</summary>
    public const int AttemptCharsMax = 32 * 1024;
    const int HeadShare = 4;

    // What the fields of a record take as JSON apart from texts of any length; measured, and rounded up.
    const int StepBytes = 420;
    const int AttemptBytes = 620;

    public static AttemptOutput Excerpt(string text, long totalBytes, int charsMax)
    {
        if (text.Length <= charsMax)
            return new AttemptOutput { Head = text, TotalBytes = totalBytes };
        var head = charsMax / HeadShare;
        var tail = charsMax - head;
        var cut = Math.Max(0, totalBytes - head - tail);
        return new AttemptOutput { Head = text[..head], Tail = text[^tail..], TotalBytes = totalBytes, CutBytes = cut };
    }

    public static IReadOnlyList<StepRecord> Apply(IReadOnlyList<StepRecord> steps)
    {
        var values = steps.Sum(s => s.Outputs.Sum(o => Size(o.Key) + Size(o.Value)));
        if (values > ValuesBytesMax)
        {
            var each = ValuesBytesMax / Math.Max(1, steps.Sum(s => s.Outputs.Count)) / WorstBytesOfChar;
            steps = [.. steps.Select(s => s with { Outputs = s.Outputs.ToDictionary(o => o.Key, o => Cut(o.Value, each)) })];
            values = ValuesBytesMax;
        }

        if (Frame(steps) + values > StepsBytesMax)
            steps = [.. steps.Select(s => s with { Attempts = [.. s.Attempts.TakeLast(1)] })];
        var attempts = steps.SelectMany(s => s.Attempts).ToList();
        var left = Math.Max(0, StepsBytesMax - Frame(steps) - values);
        if (attempts.Sum(Size) <= left)
            return steps;
        var share = left / attempts.Count / WorstBytesOfChar;
        return [.. steps.Select(s => s with { Attempts = [.. s.Attempts.Select(a => Shorten(a, share))] })];
    }

    /// <summary>JSON writes what is no plain letter as \u and four digits.</summary>
    const int WorstBytesOfChar = 6;

    static int Frame(IReadOnlyList<StepRecord> steps) =>
        steps.Sum(s => StepBytes + Size(s.Reason) + s.Attempts.Sum(a => AttemptBytes + Size(a.Reason)));

    static AttemptRecord Shorten(AttemptRecord attempt, int share) =>
        attempt.Output is not { } output || output.Head.Length + output.Tail.Length <= share
            ? attempt
            : attempt with { Output = Excerpt(output.Head + output.Tail, output.TotalBytes, share) };

    static string Cut(string value, int charsMax) => value.Length <= charsMax ? value : value[..charsMax] + "…";

    static int Size(AttemptRecord attempt) => Size(attempt.Output?.Head) + Size(attempt.Output?.Tail);

    static int Size(string? text) =>
        text is null
            ? 0
            : text.Sum(c =>
                c is >= ' ' and < '\x7f' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+' or '`') ? 1 : WorstBytesOfChar);
}

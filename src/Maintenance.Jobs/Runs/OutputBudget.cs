using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// A run's record travels as one payload, which a server accepts up to 2 MiB. When many steps wrote much, each keeps an equal share of its
/// tail; the whole texts are in the store where workers can reach it.
/// </summary>
public static class OutputBudget
{
    public const int RunCharsMax = 768 * 1024;

    /// <summary>What one attempt brings into the history at most, head and tail together.</summary>
    public const int AttemptCharsMax = 32 * 1024;
    const int HeadShare = 4;

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
        var attempts = steps.SelectMany(s => s.Attempts).ToList();
        if (attempts.Sum(Size) <= RunCharsMax)
            return [.. steps];
        var share = RunCharsMax / attempts.Count;
        return [.. steps.Select(s => s with { Attempts = [.. s.Attempts.Select(a => Shorten(a, share))] })];
    }

    static AttemptRecord Shorten(AttemptRecord attempt, int share) =>
        attempt.Output is not { } output || Size(attempt) <= share
            ? attempt
            : attempt with { Output = Excerpt(output.Head + output.Tail, output.TotalBytes, share) };

    static int Size(AttemptRecord attempt) => attempt.Output is { } output ? output.Head.Length + output.Tail.Length : 0;
}

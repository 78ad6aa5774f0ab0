using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Settings;

/// <summary>
/// How long the runs of one job are kept, as it is set: <c>succeeded=30d failed=90d</c>; what is left out is as for other jobs.
/// </summary>
static class KeepJobSetting
{
    /// <summary>Less is a slip: a run of yesterday evening is asked about in the morning.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromDays(1);

    /// <summary>Null, and what is wrong, when the text is not understood.</summary>
    public static KeepRuns? Parse(string job, string text, KeepRuns others, out string problem)
    {
        problem = "";
        var keep = others;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            var parts = word.Split('=');
            if (parts.Length == 2 && Durations.TryParse(parts[1], out var duration) && duration >= Least
                && parts[0] is "succeeded" or "failed")
                keep = parts[0] == "succeeded" ? keep with { Succeeded = duration } : keep with { Failed = duration };
            else
                problem = $"Records:KeepJobs:{job} has '{word}'; write succeeded=30d failed=90d, one or both, each a day or longer";
        }

        if (words.Length == 0)
            problem = $"Records:KeepJobs:{job} is empty; write succeeded=30d failed=90d, one or both";
        return problem.Length == 0 ? keep : null;
    }
}

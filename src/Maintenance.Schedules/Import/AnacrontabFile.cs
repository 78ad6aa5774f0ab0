using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Schedules;

/// <summary>
/// A job of anacron: once every so many days (or <c>@monthly</c>, <c>@yearly</c>), so many minutes after anacron was started.
/// </summary>
public sealed record AnacrontabJob(
    int Line, string Period, int DelayMinutes, string Id, string Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The comment directly above the line, for people.</summary>
    public string? Comment { get; init; }
}

/// <summary>
/// The table of anacron, which catches up days that a machine was off. A line that it cannot read is skipped, the others count.
/// </summary>
public sealed partial record AnacrontabFile(IReadOnlyList<AnacrontabJob> Jobs, IReadOnlyList<CrontabError> Errors)
{
    public static AnacrontabFile Parse(ReadOnlySpan<byte> content)
    {
        var (jobs, errors) = (new List<AnacrontabJob>(), new List<CrontabError>());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        string? comment = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(' ', '\t');
            if (line.StartsWith('#'))
            {
                var text = line.TrimStart('#', ' ', '\t');
                comment = comment is null ? text : $"{comment} {text}";
                continue;
            }

            if (Assignment().Match(line) is { Success: true } assignment)
                environment[assignment.Groups[1].Value] = assignment.Groups[2].Value;
            else if (Job().Match(line) is { Success: true } job)
                Read(job, i + 1, comment);
            else if (line.Length > 0)
                errors.Add(new CrontabError(i + 1, "invalid syntax"));
            comment = null;
        }

        return new AnacrontabFile(jobs, errors);

        void Read(Match job, int number, string? above)
        {
            var period = job.Groups[1].Value;
            if (period[0] == '@' && NamedPeriod(period) is null)
                errors.Add(new CrontabError(number, "unknown named period"));
            else if (!int.TryParse(job.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var delay))
                errors.Add(new CrontabError(number, "invalid syntax"));
            else
                jobs.Add(new AnacrontabJob(
                    number, period, delay, job.Groups[3].Value, job.Groups[4].Value,
                    new Dictionary<string, string>(environment, StringComparer.Ordinal))
                { Comment = above });
        }
    }

    /// <summary>Debian's anacron knows these two and looks at their first letters only; days are <c>1</c> and <c>7</c>.</summary>
    public static string? NamedPeriod(string period) =>
        period.StartsWith("@monthly", StringComparison.Ordinal)
            ? "@monthly"
            : period.StartsWith("@yearly", StringComparison.Ordinal) ? "@yearly" : null;

    [GeneratedRegex(@"^([^ \t=]+)[ \t]*=[ \t]*(.*)$", RegexOptions.Singleline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^([0-9]+|@[^ \t]+)[ \t]+([0-9]+)[ \t]+([^ \t/]+)[ \t]+([^ \t].*)$", RegexOptions.Singleline)]
    private static partial Regex Job();
}

using System.Globalization;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>A job of anacron: every so many days (or <c>@monthly</c>), so many minutes after the machine is up.</summary>
public sealed record AnacrontabJob(int Line, string Period, int DelayMinutes, string Id, string Command, IReadOnlyDictionary<string, string> Environment);

/// <summary>The table of anacron, which catches up days that a machine was off.</summary>
public sealed record AnacrontabFile(IReadOnlyList<AnacrontabJob> Jobs, IReadOnlyList<CrontabError> Errors)
{
    public static AnacrontabFile Parse(ReadOnlySpan<byte> content)
    {
        var (jobs, errors) = (new List<AnacrontabJob>(), new List<CrontabError>());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim(' ', '\t');
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (CrontabAssignment.TryParse(line, out var name, out var value))
                environment[name] = value;
            else if (ReadJob(line, i + 1, environment) is { } job)
                jobs.Add(job);
            else
                errors.Add(new CrontabError(i + 1, "expected: period, delay, job identifier, command"));
        }

        return new AnacrontabFile(jobs, errors);
    }

    static AnacrontabJob? ReadJob(string line, int number, Dictionary<string, string> environment)
    {
        var words = line.Split([' ', '\t'], 4, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var delay))
            return null;
        var period = words[0].StartsWith('@') || int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? words[0] : null;
        return period is null ? null : new AnacrontabJob(number, period, delay, words[2], words[3], new Dictionary<string, string>(environment, StringComparer.Ordinal));
    }
}

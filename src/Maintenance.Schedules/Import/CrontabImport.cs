using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>A crontab line as a schedule and a job of ours: the entry of schedules.json and the files of the job's folder.</summary>
public sealed record ImportedLine(int Line, string Id, string EntryJson, IReadOnlyDictionary<string, string> JobFiles, IReadOnlyList<string> Warnings);

/// <summary>A line that is not imported, and why.</summary>
public sealed record RefusedLine(int Line, string Reason, string Advice);

/// <summary>
/// Turns the lines of a crontab into schedules and jobs that people would keep. Every line is in one of the two lists: nothing is lost
/// without a word.
/// </summary>
public sealed record CrontabImport(IReadOnlyList<ImportedLine> Imported, IReadOnlyList<RefusedLine> Refused)
{
    static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="source">What the file is called, for comments.</param>
    /// <param name="timeZone">Zone of the machine that the crontab comes from.</param>
    /// <param name="taken">Ids that exist already.</param>
    public static CrontabImport Of(CrontabFile file, string source, string timeZone, IEnumerable<string> taken)
    {
        var names = new JobNames(taken);
        var (imported, refused) = (new List<ImportedLine>(), new List<RefusedLine>());
        foreach (var entry in file.Entries)
        {
            if (CronExpression.TryParse(entry.Schedule, out _, out var errors))
                imported.Add(Line(entry, source, timeZone, names.For(entry.Command)));
            else
                refused.Add(new RefusedLine(entry.Line, errors[0].Message, errors[0].Fix));
        }

        foreach (var error in file.Errors)
            refused.Add(new RefusedLine(error.Line, $"Cron refuses the line: {error.Reason}.", "Repair it; Debian's cron ignores the whole file because of it."));
        return new CrontabImport(imported, [.. refused.OrderBy(r => r.Line)]);
    }

    static ImportedLine Line(CrontabEntry entry, string source, string timeZone, string name)
    {
        var schedule = new JsonObject { ["id"] = name, ["job"] = name };
        if (entry.Comment is not null)
            schedule["description"] = entry.Comment;
        schedule["cron"] = entry.Schedule;
        schedule["timeZone"] = timeZone;
        // Cron starts a line whatever still runs; keeping that is the import's business, improving it the owner's.
        schedule["overlap"] = "allowAll";
        var job = new JsonObject
        {
            ["$schema"] = "../../schemas/job.schema.json",
            ["description"] = entry.Comment ?? $"Imported from {source}, line {entry.Line}.",
            ["steps"] = new JsonArray(new JsonObject { ["name"] = "run", ["run"] = "run.sh", ["timeout"] = "24h" }),
        };
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["job.json"] = job.ToJsonString(_readable) + "\n",
            ["run.sh"] = CrontabScript.Write(entry, source),
        };
        return new ImportedLine(entry.Line, name, schedule.ToJsonString(_readable), files, [.. Warnings(entry)]);
    }

    static IEnumerable<string> Warnings(CrontabEntry entry)
    {
        if (entry.User is { } user)
            yield return $"cron runs it as user '{user}'; here it runs as the user of the worker";
        if (entry.Environment.TryGetValue("MAILTO", out var mail) && mail.Length > 0)
            yield return $"cron mails the output to {mail}; here it is kept with the run, and notifications tell of failures";
        if (entry.Environment.ContainsKey("CRON_TZ"))
            yield return "Debian's cron ignores CRON_TZ; if it was meant, set \"timeZone\" to it";
        if (entry.Environment.ContainsKey("RANDOM_DELAY"))
            yield return "Debian's cron ignores RANDOM_DELAY; if it was meant, set \"jitter\"";
    }
}

/// <summary>Names for jobs from their commands: the program that does the work, made unique.</summary>
sealed class JobNames(IEnumerable<string> taken)
{
    const int LengthMax = 60;

    // Words in front of the program that matters.
    static readonly string[] _wrappers = ["exec", "nice", "ionice", "nohup", "time", "sudo", "env", "flock", "timeout", "cd", "test", "sleep", "sh", "bash", "/bin/sh", "/bin/bash", "for", "if", "then", "do"];

    readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    public string For(string command)
    {
        var name = Clean(Program(command));
        var unique = name;
        for (var n = 2; !_taken.Add(unique); n++)
            unique = $"{name}-{n}";
        return unique;
    }

    static string Program(string command)
    {
        var words = command.Split([' ', '\t', ';', '&', '|', '(', ')', '"', '\'', '\r', '{', '}'], StringSplitOptions.RemoveEmptyEntries);
        var programs = words.Where((word, i) => IsProgram(word) && (i == 0 || !TakesPath(words[i - 1]))).ToList();
        return Last(programs.Find(w => w.Contains('/', StringComparison.Ordinal)) ?? programs.FirstOrDefault() ?? "command");
    }

    static bool IsProgram(string word) =>
        !_wrappers.Contains(word) && word[0] is not ('-' or '>' or '<') && !word.Contains('=', StringComparison.Ordinal) && char.IsAsciiLetter(Last(word).FirstOrDefault());

    /// <summary>What follows is a folder or a file, not a program.</summary>
    static bool TakesPath(string word) => word == "cd" || word.EndsWith('>') || word.EndsWith('<');

    static string Last(string word) => word.TrimEnd('/').Split('/')[^1];

    static string Clean(string word)
    {
        var stem = word.Contains('.', StringComparison.Ordinal) ? word[..word.LastIndexOf('.')] : word;
        var clean = new string([.. stem.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        while (clean.Contains("--", StringComparison.Ordinal))
            clean = clean.Replace("--", "-", StringComparison.Ordinal);
        return clean.Length == 0 ? "command" : clean[..Math.Min(clean.Length, LengthMax)].Trim('-');
    }
}

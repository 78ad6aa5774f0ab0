using System.Text.Json.Nodes;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>
/// What was read, for programs: each line that starts something, each that nothing can read, and what becomes of the file.
/// </summary>
static class SourceJson
{
    const int DueCount = 10;

    /// <param name="from">Where the coming due times of a timer begin.</param>
    /// <param name="zone">In which an expression without a zone is meant.</param>
    public static JsonObject Of(ScheduleSource source, DateTimeOffset from, Zone zone)
    {
        var json = source switch
        {
            ScheduleSource.Crontab crontab => Crontab(crontab),
            ScheduleSource.Anacrontab anacrontab => Anacrontab(anacrontab.File),
            ScheduleSource.Timer timer => Timer(timer.Unit, timer.Service, from, zone),
            ScheduleSource.RunParts parts => RunParts(parts),
            ScheduleSource.NotRead other =>
                new JsonObject { ["entries"] = new JsonArray(), ["errors"] = new JsonArray(Error(0, $"{other.Reason}. {other.Advice}")) },
            _ => throw new ArgumentOutOfRangeException(nameof(source)),
        };
        json.Insert(0, "file", source.Path);
        return json;
    }

    static JsonObject Crontab(ScheduleSource.Crontab source)
    {
        var file = source.File;
        var json = new JsonObject { ["form"] = source.Form == CrontabForm.System ? "system" : "user" };
        if (source.User is not null)
            json["user"] = source.User;
        json["loads"] = file.Loads;
        if (file.Refusal is not null)
            json["refusal"] = file.Refusal;
        json["entries"] = Array(file.Entries.Select(entry => Entry(entry, source.User)));
        json["errors"] = Array(file.Errors.Select(error => Error(error.Line, error.Reason)));
        if (file.Disabled.Count > 0)
            json["disabled"] = Array(
                file.Disabled.Select(
                    line => new JsonObject { ["line"] = line.Line, ["schedule"] = line.Schedule, ["command"] = line.Command }));
        return json;
    }

    static JsonObject Entry(CrontabEntry entry, string? owner)
    {
        var json = new JsonObject
        {
            ["line"] = entry.Line,
            ["schedule"] = entry.Schedule,
            ["user"] = entry.User ?? owner,
            ["shell"] = entry.Shell,
            ["command"] = entry.Command,
            ["stdin"] = entry.Stdin,
            ["environment"] = Variables(entry.Environment),
        };
        if (entry.Comment is not null)
            json["comment"] = entry.Comment;
        return json;
    }

    static JsonObject Anacrontab(AnacrontabFile file) => new()
    {
        ["form"] = "anacron",
        ["loads"] = file.Errors.Count == 0,
        ["jobs"] = Array(file.Jobs.Select(job => new JsonObject
        {
            ["line"] = job.Line,
            ["period"] = job.Period,
            ["delayMinutes"] = job.DelayMinutes,
            ["id"] = job.Id,
            ["command"] = job.Command,
            ["environment"] = Variables(job.Environment),
        })),
        ["errors"] = Array(file.Errors.Select(error => Error(error.Line, error.Reason))),
    };

    static JsonObject RunParts(ScheduleSource.RunParts parts) => new()
    {
        ["form"] = "run-parts",
        ["entries"] = Array(parts.Scripts.Select(script => new JsonObject
        {
            ["schedule"] = parts.Schedule,
            ["user"] = "root",
            ["command"] = Path.Combine(parts.Path, script),
        })),
        ["errors"] = Array(parts.Others.Select(other => Error(0, $"{other.Name}: {other.Reason}"))),
    };

    static JsonObject Timer(TimerUnit timer, ServiceUnit? service, DateTimeOffset from, Zone zone)
    {
        var json = new JsonObject
        {
            ["form"] = "timer",
            ["timer"] = timer.Name,
            ["service"] = timer.Unit,
            ["onCalendar"] = Array(timer.OnCalendar.Select(e => JsonValue.Create(e.Expression.NormalForm))),
        };
        foreach (var spans in timer.Monotonic.GroupBy(m => m.Key))
        {
            var seconds = spans.Select(span => Seconds(span.Seconds)).ToList();
            json[$"on{spans.Key[2..^3]}Seconds"] = seconds.Count == 1 ? seconds[0] : Array(seconds);
        }

        json["persistent"] = timer.Persistent;
        json["accuracySeconds"] = Seconds(timer.AccuracySeconds);
        json["randomizedDelaySeconds"] = Seconds(timer.RandomizedDelaySeconds);
        json["fixedRandomDelay"] = timer.FixedRandomDelay;
        if (timer.OnCalendar.Count > 0)
        {
            json["base"] = Time(from);
            json["due"] = Array(timer.After(from, zone).Take(DueCount).Select(time => JsonValue.Create(Time(time))));
        }

        AddService(json, service);
        if (timer.Ignored.Count > 0)
            json["ignoredTimerLines"] = Array(timer.Ignored.Select(line => JsonValue.Create(line.Line)));
        json["errors"] = Array(timer.Ignored.Select(line => Error(line.Line, line.Reason)));
        return json;
    }

    static void AddService(JsonObject json, ServiceUnit? service)
    {
        json["serviceLoads"] = service is { Refusal: null };
        if (service?.Refusal is { } refusal)
            json["serviceError"] = Error(refusal.Line, refusal.Reason);
        if (service is null)
            json["serviceError"] = Error(0, "there is no such file beside the timer");
        if (service is not { Refusal: null })
            return;
        AddCommands("execCondition", service.Condition);
        AddCommands("execStartPre", service.Pre);
        AddCommands("execStart", service.Start);
        AddCommands("execStartPost", service.Post);
        json["environment"] = Variables(service.Environment);
        if (service.User is not null)
            json["user"] = service.User;
        if (service.WorkingDirectory is not null)
            json["workingDirectory"] = service.WorkingDirectory;
        if (service.TimeoutStartSeconds is { } timeout)
            json["timeoutStartSeconds"] = timeout;
        if (service.Start is [var first, ..] && first.Executable != first.Words[0])
            json["executable"] = first.Executable;

        void AddCommands(string member, IReadOnlyList<ServiceCommand> commands)
        {
            if (commands.Count > 0)
                json[member] = Array(commands.Select(command => Array(command.Words.Select(word => JsonValue.Create(word)))));
        }
    }

    static JsonNode Seconds(decimal span) => span == UnitTimeSpan.Infinity ? "infinity" : span;

    static JsonObject Error(int line, string reason)
    {
        var json = new JsonObject();
        if (line > 0)
            json["line"] = line;
        json["reason"] = reason;
        return json;
    }

    static JsonObject Variables(IReadOnlyDictionary<string, string> variables) =>
        new(variables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));

    static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];

    static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

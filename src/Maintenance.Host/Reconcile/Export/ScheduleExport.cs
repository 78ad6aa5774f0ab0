using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Schedules;
using Temporalio.Api.Enums.V1;
using Temporalio.Client.Schedules;
using Temporalio.Converters;

namespace Maintenance.Host.Reconcile;

/// <summary>A schedule of a server as an entry of schedules.json.</summary>
/// <param name="Entry">Null when its times or its input cannot be written down.</param>
/// <param name="Refusals">All that keeps the entry from doing what the schedule does; empty when it does.</param>
/// <param name="Notes">What the schedule says and a job says elsewhere, for people.</param>
sealed record ExportedSchedule(string Id, JsonObject? Entry, IReadOnlyList<string> Refusals, IReadOnlyList<string> Notes)
{
    public bool Ok => Refusals.Count == 0;

    /// <summary>The entry, read back; null when there is none.</summary>
    public Maintenance.Schedules.Schedule? Schedule { get; init; }
}

/// <summary>
/// Writes down what a schedule does that others made on a Temporal server. The entry keeps the server's rules for clock changes, so that
/// nothing changes by the move; whether cron's rules would be better is for its owner to decide.
/// </summary>
static class ScheduleExport
{
    public static async Task<ExportedSchedule> OfAsync(ScheduleDescription description, string taskQueue)
    {
        // One that an installation of Maintenance made carries its entry.
        if (await TemporalSchedules.MemoAsync(description.Schedule, RunMemo.Schedule) == description.Id
            && await TemporalSchedules.MemoAsync(description.Schedule, RunMemo.Spec) is { } own && ScheduleFile.ReadResolved(own).Ok)
            return Checked(new ExportedSchedule(description.Id, JsonNode.Parse(own)!.AsObject(), [], []), description.Info.NextActionTimes);

        if (description.Schedule.Action is not ScheduleActionStartWorkflow start)
            return new ExportedSchedule(description.Id, null, ["it does something else than to start a workflow"], []);
        var refusals = ExportLosses.Refusals(description.Schedule, DateTime.UtcNow).ToList();
        var (input, problem) = await InputAsync(start);
        if (problem is not null)
            refusals.Add(problem);
        if (refusals.Count > 0)
            return new ExportedSchedule(description.Id, null, refusals, []);
        var exported = new ExportedSchedule(
            description.Id, Entry(description, start, input), [], [.. ExportLosses.Notes(description.Id, start, taskQueue)]);
        return Checked(exported, description.Info.NextActionTimes);
    }

    static JsonObject Entry(ScheduleDescription description, ScheduleActionStartWorkflow start, JsonNode? input)
    {
        var schedule = description.Schedule;
        var entry = new JsonObject { ["id"] = description.Id, ["job"] = start.Workflow };
        if (schedule.State.Paused)
            entry["paused"] = schedule.State.Note is { Length: > 0 } note ? note : "it was paused on the server";
        var comments = schedule.Spec.Calendars.Select(c => c.Comment)
            .Where(c => !string.IsNullOrWhiteSpace(c))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (comments.Count > 0)
            entry["description"] = string.Join("; ", comments);
        AddTimes(entry, schedule.Spec);
        if (input is not null)
            entry["input"] = input;
        entry["overlap"] = Overlap(schedule.Policy.Overlap);
        entry["catchUp"] = Durations.Format(schedule.Policy.CatchupWindow);
        if (schedule.Spec.Jitter is { } jitter && jitter > TimeSpan.Zero)
            entry["jitter"] = Durations.Format(jitter);
        if (schedule.Policy.PauseOnFailure)
            entry["pauseOnFailure"] = true;
        return entry;
    }

    /// <summary>Reads the entry as the file will be read, and holds its next times against those that the server names.</summary>
    static ExportedSchedule Checked(ExportedSchedule exported, IReadOnlyCollection<DateTime> serverTimes)
    {
        var read = ScheduleFile.ReadResolved(exported.Entry!.ToJsonString(), exported.Id);
        if (!read.Ok)
            return exported with { Refusals = [.. read.Problems.Select(p => $"as an entry it is refused: {p.Message}")] };
        exported = exported with { Schedule = read.Value };
        return Difference(read.Value, [.. serverTimes.Select(t => new DateTimeOffset(t, TimeSpan.Zero))]) is { } different
            ? exported with { Notes = [.. exported.Notes, different] }
            : exported;
    }

    static string? Difference(Maintenance.Schedules.Schedule schedule, IReadOnlyList<DateTimeOffset> server)
    {
        // A server moves the times that it names by the jitter.
        if (server.Count == 0 || schedule.Jitter > TimeSpan.Zero)
            return null;
        var here = DueTimes.After(schedule, server[0].AddSeconds(-1)).Select(d => d.Nominal).Take(server.Count).ToList();
        var at = Enumerable.Range(0, server.Count).FirstOrDefault(i => i >= here.Count || here[i] != server[i], -1);
        return at < 0
            ? null
            : $"the server names {Instants.Format(server[at])} as a due time, the "
                + $"entry {(at < here.Count ? Instants.Format(here[at]) : "none")}; look at both before you adopt it";
    }

    static async Task<(JsonNode? Input, string? Problem)> InputAsync(ScheduleActionStartWorkflow start)
    {
        const string noObject = "its workflow does not take one JSON object as input, as jobs do";
        if (start.Args.Count != 1)
            return (null, start.Args.Count == 0 ? null : noObject);
        try
        {
            var value = start.Args.First() is IEncodedRawValue raw
                ? await raw.ToValueAsync<JsonElement>()
                : JsonSerializer.SerializeToElement(start.Args.First());
            return value.ValueKind == JsonValueKind.Object ? (JsonNode.Parse(value.GetRawText()), null) : (null, noObject);
        }
        catch (Exception other) when (other is JsonException or ArgumentException or InvalidOperationException)
        {
            return (null, noObject);
        }
    }

    static void AddTimes(JsonObject entry, ScheduleSpec spec)
    {
        if (spec.Calendars.Count > 0)
        {
            entry["calendar"] = OneOrMany([.. spec.Calendars.Select(Calendar)]);
            entry["timeZone"] = spec.TimeZoneName is { Length: > 0 } zone ? zone : "UTC";
            // What a server does at clock changes.
            entry["dst"] = new JsonObject { ["missing"] = "skip", ["repeated"] = "both" };
        }

        if (spec.Intervals.Count == 0)
            return;
        entry["every"] = OneOrMany([.. spec.Intervals.Select(i => (JsonNode)Durations.Format(i.Every))]);
        if (spec.Intervals.First().Offset is { } offset && offset > TimeSpan.Zero)
            entry["offset"] = Durations.Format(offset);
    }

    static JsonNode Calendar(ScheduleCalendarSpec calendar)
    {
        var fields = new JsonObject();
        Add("second", calendar.Second, "0");
        Add("minute", calendar.Minute, "0");
        Add("hour", calendar.Hour, "0");
        Add("dayOfMonth", calendar.DayOfMonth, "1-31");
        Add("month", calendar.Month, "1-12");
        Add("dayOfWeek", calendar.DayOfWeek, "0-6");
        // An entry has no list within the text of a year.
        if (calendar.Year.Count > 0)
            fields["year"] = OneOrMany([.. calendar.Year.Select(year => (JsonNode)Range(year))]);
        return fields;

        void Add(string name, IReadOnlyCollection<ScheduleRange> ranges, string otherwise)
        {
            var text = string.Join(',', ranges.Select(Range));
            if (text.Length > 0 && text != otherwise)
                fields[name] = text;
        }
    }

    static string Range(ScheduleRange range) =>
        range.End <= range.Start ? $"{range.Start}" : $"{range.Start}-{range.End}{(range.Step > 1 ? $"/{range.Step}" : "")}";

    static JsonNode OneOrMany(JsonNode[] values) => values.Length == 1 ? values[0] : new JsonArray(values);

    static string Overlap(ScheduleOverlapPolicy policy) =>
        policy == ScheduleOverlapPolicy.Unspecified ? "skip" : char.ToLowerInvariant(policy.ToString()[0]) + policy.ToString()[1..];
}

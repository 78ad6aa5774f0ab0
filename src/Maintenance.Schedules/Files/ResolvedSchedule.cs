using System.Text;
using System.Text.Json;

namespace Maintenance.Schedules;

/// <summary>
/// Writes an entry that can be read without its file: zone, daylight saving choice and calendars are in it. Members have a fixed order, so
/// that the same schedule always gives the same text, and its hash tells whether anything changed.
/// </summary>
static class ResolvedSchedule
{
    public static string Write(Schedule schedule)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", schedule.Id);
            json.WriteString("job", schedule.Job);
            WriteTiming(json, schedule);
            WritePolicy(json, schedule);
            WriteWords(json, schedule);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static void WriteTiming(Utf8JsonWriter json, Schedule schedule)
    {
        foreach (var name in TimingReader.Members.Append("offset"))
        {
            if (schedule.Node.Find(name) is { Kind: not NodeKind.Null } written)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(written.ToJson());
            }
        }

        json.WriteString("timeZone", schedule.TimeZone.Id);
        json.WriteStartObject("dst");
        json.WriteString("missing", ScheduleReader.Camel(schedule.Dst.Missing.ToString()));
        json.WriteString("repeated", ScheduleReader.Camel(schedule.Dst.Repeated.ToString()));
        json.WriteEndObject();
        WriteCalendars(json, "exclude", schedule.Exclude);
        WriteCalendars(json, "only", schedule.Only);
    }

    static void WriteCalendars(Utf8JsonWriter json, string name, IReadOnlyList<DayCalendar> calendars)
    {
        if (calendars.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var calendar in calendars)
            json.WriteRawValue(calendar.Json);
        json.WriteEndArray();
    }

    static void WritePolicy(Utf8JsonWriter json, Schedule schedule)
    {
        json.WritePropertyName("input");
        json.WriteRawValue(schedule.InputJson);
        json.WriteString("overlap", ScheduleReader.Camel(schedule.Overlap.ToString()));
        json.WriteString("catchUp", Durations.Format(schedule.CatchUp));
        if (schedule.Jitter > TimeSpan.Zero)
            json.WriteString("jitter", Durations.Format(schedule.Jitter));
        if (schedule.StartBy is { } startBy)
            json.WriteString("startBy", Durations.Format(startBy));
        if (schedule.FinishBy is { } finishBy)
            json.WriteString("finishBy", Durations.Format(finishBy));
        if (schedule.PauseOnFailure)
            json.WriteBoolean("pauseOnFailure", true);
    }

    static void WriteWords(Utf8JsonWriter json, Schedule schedule)
    {
        if (schedule.PausedReason is { } paused)
            json.WriteString("paused", paused);
        if (schedule.Description is { } description)
            json.WriteString("description", description);
        if (schedule.Owner is { } owner)
            json.WriteString("owner", owner);
        if (schedule.Runbook is { } runbook)
            json.WriteString("runbook", runbook);
        if (schedule.Tags.Count == 0)
            return;
        json.WriteStartArray("tags");
        foreach (var tag in schedule.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
    }
}

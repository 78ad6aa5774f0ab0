using System.Text.Json.Nodes;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Schedules;

/// <summary>
/// The JSON Schema of schedules.json for editors, made from the same enums, limits and defaults that the reader uses. A test holds the file in
/// schemas/ and the names that the reader knows against it.
/// </summary>
public static class ScheduleSchema
{
    public static string ToJson() => Written(Build());

    public static string EnvironmentToJson() => Written(BuildEnvironment());

    static JsonObject Build() => FileOf(
        "schedules.json of Maintenance",
        new()
        {
            ["timeZone"] = Ref("timeZone", "Time zone of all schedules that name none; default UTC."),
            ["calendars"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "Named calendars that schedules keep away from (exclude) or keep to (only).",
                ["additionalProperties"] = Ref("calendar"),
            },
            ["defaults"] = Object("Values for schedules that leave them out.", Policy()),
            ["schedules"] = new JsonObject { ["type"] = "array", ["items"] = Ref("schedule") },
            ["$include"] = OneOrMany(Text("A file, or a folder with / at its end for all .json files in it.", null, "teams/", "calendars.json"), "Further files, named from this one; they share calendars and ids."),
        },
        Definitions(),
        "schedules");

    /// <summary>The file of an environment (schedules.NAME.json).</summary>
    static JsonObject BuildEnvironment()
    {
        var schema = Build();
        var members = schema["properties"]!.AsObject();
        members.Remove("$include");
        var changes = Schedule();
        changes.Remove("id");
        changes.Remove("job");
        members["override"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Members of the base's schedules by their id that are different here.",
            ["additionalProperties"] = Object("A cron, every, calendar, onCalendar or at replaces the whole timing; inputs are laid over each other.", changes),
        };
        members["without"] = OneOrMany(Text("Id of a schedule of the base."), "Schedules of the base that this site does without.");
        schema["title"] = "schedules.NAME.json of Maintenance: an environment over its base";
        schema.Remove("required");
        return schema;
    }

    static JsonObject Definitions() => new()
    {
        ["duration"] = DurationDefinition(),
        ["timeZone"] = Text("IANA name of a time zone.", null, "Europe/Berlin", "America/New_York", "UTC"),
        ["dst"] = Object("What a change of the clock does.", new JsonObject
        {
            ["missing"] = Word("Local times that do not exist: auto is what cron does (fixed times run once right after, wildcard lines not), shift one run right after, skip none, each one run per lost time.", MissingRule.Auto),
            ["repeated"] = Word("Local times that come twice: auto is what cron does (fixed times run the first time, wildcard lines keep their interval).", RepeatedRule.Auto),
        }),
        ["fields"] = Fields(),
        ["rule"] = Object("Times on these dates and these days and within these times of day; what is absent means all.", Rule()),
        ["event"] = Event(),
        ["calendar"] = Calendar(),
        ["calendarOrName"] = new JsonObject { ["anyOf"] = new JsonArray(Text("Name of a calendar of this file."), Ref("calendar")) },
        ["schedule"] = Object("When a job runs, and how.", Schedule(), "id", "job"),
    };

    static JsonObject Schedule()
    {
        var members = new JsonObject
        {
            ["id"] = Text("Names the schedule on the server and in all records; must not change.", "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"),
            ["job"] = Text("Folder of the job in jobs/."),
            ["description"] = Text("What it is for."),
            ["cron"] = OneOrMany(Text("Five fields as in crontab(5), or a macro.", null, "30 3 * * *", "*/15 8-17 * * mon-fri", "@daily"), "Cron lines; day of month and day of week are ORed as cron does."),
            ["every"] = OneOrMany(Ref("duration"), "A fixed interval, counted from 1970 in UTC."),
            ["offset"] = Duration("Moves 'every' by so much."),
            ["calendar"] = OneOrMany(Ref("fields"), "Times by their fields, all of which must match."),
            ["onCalendar"] = OneOrMany(Text("A systemd calendar expression.", null, "Mon..Fri *-*-* 03:30:00"), "Systemd calendar expressions."),
            ["at"] = OneOrMany(Text("A single time.", null, "2027-01-01T03:00", "2027-01-01T03:00Z"), "Single times: local, or with Z or an offset."),
            ["input"] = new JsonObject { ["type"] = "object", ["description"] = "The job's inputs." },
            ["paused"] = new JsonObject
            {
                ["description"] = "Why it is paused; leave out to let it run.",
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["minLength"] = 1 }, new JsonObject { ["const"] = false }),
            },
        };
        foreach (var (name, schema) in Policy().ToList())
            members[name] = schema?.DeepClone();
        return members;
    }

    /// <summary>What may stand in a schedule and in the defaults.</summary>
    static JsonObject Policy() => new()
    {
        ["timeZone"] = Ref("timeZone", "Time zone of the times."),
        ["dst"] = Ref("dst"),
        ["overlap"] = Word("What happens at a due time while the run before still runs.", Overlap.Skip),
        ["catchUp"] = Duration($"A due time missed while nothing ran is made up when it is no older than this; at least {Durations.Format(ScheduleDefaults.CatchUpMin)}.", ScheduleDefaults.CatchUp),
        ["jitter"] = Duration("Starts are spread over so long after the due time.", TimeSpan.Zero),
        ["startBy"] = Duration("A run that could not start so long after its due time does not start at all."),
        ["finishBy"] = Duration("A run that has not finished so long after its due time is reported."),
        ["pauseOnFailure"] = new JsonObject { ["type"] = "boolean", ["default"] = false, ["description"] = "Pauses the schedule when a run fails." },
        ["owner"] = Text("Who looks after it."),
        ["runbook"] = Text("Where it is written what to do when it fails."),
        ["tags"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 }, ["description"] = "Words to find it by." },
        ["exclude"] = OneOrMany(Ref("calendarOrName"), "Calendars in which it does not run."),
        ["only"] = OneOrMany(Ref("calendarOrName"), "Calendars outside of which it does not run."),
    };

    static JsonObject Fields()
    {
        var members = new JsonObject { ["second"] = Field("second", 0, 59, "0") };
        string[] names = ["minute", "hour", "dayOfMonth", "month", "dayOfWeek"];
        foreach (var (name, field) in names.Zip(CronField.All))
            members[name] = Field(field.Name, field.Min, field.Max, name is "minute" or "hour" ? "0" : "*");
        members["year"] = Field("year", 2000, FieldSet.LastServerYear, "*");
        return Object("Second, minute and hour default to 0, the other fields to all.", members);
    }

    static JsonObject Field(string what, int min, int max, string @default) => OneOrMany(
        new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max }, new JsonObject { ["type"] = "string" }) },
        $"The {what}: {min} to {max}, ranges and steps as in cron{what switch { "day of month" => ", or last, last-1", "day of week" => ", or 2nd tue, last fri", _ => "" }}; default {@default}.");

    static JsonObject Rule() => new()
    {
        ["dates"] = OneOrMany(Text("A date or a range; without year for every year.", DatePattern, "2026-12-24..2027-01-02", "05-01", "easter-2..easter+1"), "Dates."),
        ["days"] = OneOrMany(Text("A day of the week, a range, or one of the month.", null, "mon-fri", "sat", "2nd tue", "last fri"), "Days of the week."),
        ["dayOfMonth"] = Field("day of month", 1, 31, "*"),
        ["month"] = Field("month", 1, 12, "*"),
        ["times"] = OneOrMany(Text("A part of the day; one across midnight belongs to the day on which it begins.", "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$", "22:00-06:00"), "Times of day."),
    };

    const string DatePattern = "^(([0-9]{4}-)?[0-9]{2}-[0-9]{2}(\\.\\.([0-9]{4}-)?[0-9]{2}-[0-9]{2})?|easter([+-][0-9]+)?(\\.\\.easter([+-][0-9]+)?)?)$";

    static JsonObject Event() => Object(
        "From start to before end.",
        new JsonObject
        {
            ["start"] = Text("A date or a local time.", null, "2026-12-24", "2026-12-24T22:00"),
            ["end"] = Text("The first moment after it; without it a date lasts one day.", null, "2026-12-27"),
            ["repeat"] = Text("A rule of iCalendar: FREQ with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY.", null, "FREQ=MONTHLY;BYDAY=-1FR"),
            ["except"] = OneOrMany(Text("A start that the rule leaves out."), "Starts that the rule leaves out."),
            ["timeZone"] = Ref("timeZone", "Zone of its times; default that of the calendar."),
        },
        "start");

    static JsonObject Calendar()
    {
        var members = Rule();
        members["rules"] = new JsonObject { ["type"] = "array", ["items"] = Ref("rule"), ["description"] = "Several rules, any of which is enough." };
        members["events"] = new JsonObject { ["type"] = "array", ["items"] = Ref("event"), ["description"] = "Stretches of time that may repeat, as iCalendar has them." };
        members["ics"] = Text("An iCalendar file, named from this file.", null, "holidays.ics");
        members["timeZone"] = Ref("timeZone", "Zone of its dates and times; default that of the schedule.");
        members["name"] = Text("What notes and the ledger call one that is written in place.");
        members["description"] = Text("What it is for.");
        return Object("A set of times.", members);
    }
}

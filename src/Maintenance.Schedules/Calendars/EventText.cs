using System.Globalization;
using System.Text.Json;

namespace Maintenance.Schedules;

/// <summary>
/// An event as schedules.json writes it: <c>start</c> and <c>end</c> are dates or local times, the end is the first moment after it; <c>repeat</c> is a rule
/// of iCalendar, <c>except</c> are starts that it leaves out.
/// </summary>
sealed record EventText(string Start, string? End, string? Repeat, IReadOnlyList<string> Except, string? TimeZone)
{
    public const string Example =
        "Write { \"start\": \"2026-12-24\", \"end\": \"2026-12-27\", \"repeat\": \"FREQ=YEARLY\" }, or times such as \"2026-12-24T22:00\".";

    const long Day = 86_400;
    const long LengthMax = 366 * Day;

    static readonly string[] _forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    public static EventText? Read(Node node, ProblemList problems)
    {
        if (ObjectReader.Open(node, problems, "an event") is not { } reader)
            return null;
        var (start, end, repeat) = (reader.RequiredString("start"), reader.String("end"), reader.String("repeat"));
        var except = reader.OneOrMany("except").Select(reader.Text).OfType<string>().ToList();
        var zone = ZoneReader.Read(reader, "timeZone");
        reader.Close();
        return start is null ? null : new EventText(start, end, repeat, except, zone?.Id);
    }

    /// <summary>Null with what is wrong.</summary>
    public CalendarEvent? ToEvent(out string problem)
    {
        var (end, repeat) = (0L, (Recurrence?)null);
        problem = "";
        if (!TryTime(Start, out var start))
            problem = NoTime(Start);
        else if (End is null && Start.Length > 10)
            problem = "An event that begins at a time needs an end.";
        else if (End is null)
            end = start + Day;
        else if (!TryTime(End, out end))
            problem = NoTime(End);
        if (problem.Length > 0)
            return null;

        var except = new HashSet<long>();
        foreach (var text in Except)
        {
            if (!TryTime(text, out var time))
                problem = NoTime(text);
            except.Add(time);
        }

        if (end <= start || end - start > LengthMax)
            problem = "An event ends after it begins, and lasts no more than a year.";
        else if (Repeat is not null && (repeat = RecurrenceReader.Read(Repeat, out var wrong)) is null)
            problem = $"The rule {Repeat}: {wrong}.";
        if (problem.Length > 0)
            return null;

        var found = new CalendarEvent(start, end, repeat, except, TimeZone is null ? null : Zones.Get(TimeZone));
        var first = FieldSet.DateOf((int)(start / Day));
        if (repeat is null || repeat.Dates(first, start % Day, found.Zone ?? Zone.Utc).FirstOrDefault() == first)
            return found;
        problem = $"The event begins on {first:yyyy-MM-dd}, which is no day of its own rule {Repeat}.";
        return null;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("start", Start);
        if (End is not null)
            json.WriteString("end", End);
        if (Repeat is not null)
            json.WriteString("repeat", Repeat);
        if (Except.Count > 0)
        {
            json.WriteStartArray("except");
            foreach (var text in Except)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        if (TimeZone is not null)
            json.WriteString("timeZone", TimeZone);
        json.WriteEndObject();
    }

    static string NoTime(string text) => $"'{text}' is no date or local time from 1970 to {FieldSet.LastServerYear}.";

    static bool TryTime(string text, out long seconds)
    {
        var good = DateTime.TryParseExact(text, _forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is >= 1970 and <= FieldSet.LastServerYear;
        seconds = good ? (long)(at - DateTime.UnixEpoch).TotalSeconds : 0;
        return good;
    }
}

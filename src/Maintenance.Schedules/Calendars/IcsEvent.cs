using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Turns an event of iCalendar into one of ours.</summary>
static class IcsEvent
{
    /// <param name="refuse">Line, message, fix.</param>
    public static EventText? Read(List<IcsLine> properties, Action<int, string, string> refuse)
    {
        var start = properties.Find(p => p.Name == "DTSTART");
        if (start is null)
        {
            refuse(properties.Count == 0 ? 1 : properties[0].Number, "An event has no DTSTART.", "");
            return null;
        }

        if (!TryTime(start, refuse, out var begin) || !TryEnd(properties, begin, start, refuse, out var end))
            return null;
        var except = new List<string>();
        foreach (var line in properties.Where(p => p.Name == "EXDATE"))
        {
            foreach (var value in line.Value.Split(','))
            {
                if (TryTime(line with { Value = value }, refuse, out var time))
                    except.Add(Text(time));
            }
        }

        var rules = properties.Where(p => p.Name == "RRULE").ToList();
        if (rules.Count > 1)
            refuse(rules[1].Number, "An event has more than one RRULE.", "Write an event for each.");
        var zone = begin.IsUtc ? "UTC" : start.Parameters.GetValueOrDefault("TZID");
        var read = new EventText(Text(begin), Text(end), rules.FirstOrDefault()?.Value, except, zone);
        if (read.ToEvent(out var problem) is null)
            refuse((rules.FirstOrDefault() ?? start).Number, problem, "");
        return read;
    }

    static bool TryTime(IcsLine line, Action<int, string, string> refuse, out IcsTime time)
    {
        time = default;
        if (line.Parameters.TryGetValue("TZID", out var zone) && Zones.Find(zone) is null)
            refuse(line.Number, $"{line.Name}: {Zones.Unknown(zone)}", Zones.Suggestion(zone));
        else if (!IcsTime.TryParse(line.Value, out time))
            refuse(line.Number, $"{line.Name} is '{line.Value}', which is no date or time from 1970 to {FieldSet.LastServerYear}.", "Write 20261224 or 20261224T220000.");
        else
            return true;
        return false;
    }

    static bool TryEnd(List<IcsLine> properties, IcsTime begin, IcsLine start, Action<int, string, string> refuse, out IcsTime end)
    {
        end = begin with { Seconds = begin.Seconds + (begin.IsDate ? 86_400 : 0) };
        var line = properties.Find(p => p.Name is "DTEND" or "DURATION") ?? start;
        if (line.Name == "DTEND")
        {
            if (!TryTime(line, refuse, out end))
                return false;
            if (end.IsDate != begin.IsDate || end.IsUtc != begin.IsUtc || line.Parameters.GetValueOrDefault("TZID") != start.Parameters.GetValueOrDefault("TZID"))
            {
                refuse(line.Number, "DTEND is of another kind or zone than DTSTART.", "Write both alike.");
                return false;
            }
        }
        else if (line.Name == "DURATION")
        {
            if (!TryDuration(line.Value, out var length))
            {
                refuse(line.Number, $"DURATION {line.Value} is not understood.", "Write P1D or PT2H30M.");
                return false;
            }

            end = begin with { Seconds = begin.Seconds + length };
        }

        if (end.Seconds > begin.Seconds)
            return true;
        refuse(line.Number, "The event has no length.", "Give it a DTEND after its DTSTART.");
        return false;
    }

    static bool TryDuration(string text, out long seconds)
    {
        seconds = 0;
        try
        {
            var weeks = text.Length > 2 && text.StartsWith('P') && text.EndsWith('W');
            seconds = weeks
                ? int.Parse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture) * 7L * 86_400
                : (long)System.Xml.XmlConvert.ToTimeSpan(text).TotalSeconds;
            return !text.Contains('Y', StringComparison.Ordinal) && !text.Split('T')[0].Contains('M', StringComparison.Ordinal);
        }
        catch (Exception notUnderstood) when (notUnderstood is FormatException or OverflowException)
        {
            return false;
        }
    }

    static string Text(IcsTime time) => DateTime.UnixEpoch.AddSeconds(time.Seconds).ToString(
        time.IsDate ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}

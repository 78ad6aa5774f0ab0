using Google.Protobuf.Collections;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Temporal.Engine.Schedules;

/// <summary>
/// The one form in which a spec is kept: text calendars and cron strings become structured calendars, in the order
/// structured, calendar, cron. What a client wrote as text never comes back.
/// </summary>
static class CanonicalSpec
{
    const long NanosPerSecond = 1_000_000_000;

    public static ScheduleSpec Of(ScheduleSpec given)
    {
        var spec = given.Clone();
        foreach (var calendar in given.Calendar)
            spec.StructuredCalendar.Add(Structured(calendar));
        spec.Calendar.Clear();
#pragma warning disable CS0612 // Obsolete, and still what most clients send.
        foreach (var calendar in given.ExcludeCalendar)
            spec.ExcludeStructuredCalendar.Add(Structured(calendar));
        spec.ExcludeCalendar.Clear();
#pragma warning restore CS0612
        AddCronStrings(spec, given.CronString);
        spec.CronString.Clear();
        // Excluded calendars are not checked: what cannot match excludes nothing.
        foreach (var calendar in spec.StructuredCalendar)
            Check(calendar);
        foreach (var interval in spec.Interval)
            Check(interval);
        return spec;
    }

    /// <summary>Fills in what the stored form leaves out, for clients.</summary>
    public static ScheduleSpec ForClients(ScheduleSpec canonical)
    {
        var spec = canonical.Clone();
        foreach (var calendar in spec.StructuredCalendar.Concat(spec.ExcludeStructuredCalendar))
        {
            foreach (var range in Fields(calendar).SelectMany(field => field))
            {
                if (range.End < range.Start)
                    range.End = range.Start;
                if (range.Step == 0)
                    range.Step = 1;
            }
        }

        return spec;
    }

    static void AddCronStrings(ScheduleSpec spec, RepeatedField<string> texts)
    {
        string? zone = null;
        foreach (var text in texts)
        {
            var cron = CronText.Read(text);
            // Read before the zones are compared: a line's own error comes first.
            var calendar = cron.Calendar is null ? null : Structured(cron.Calendar);
            if (zone is not null && zone != cron.Zone)
                throw new InvalidSpecException("conflicting timezone names");
            zone = cron.Zone;
            if (calendar is not null)
                spec.StructuredCalendar.Add(calendar);
            if (cron.Interval is not null)
                spec.Interval.Add(cron.Interval);
        }

        if (string.IsNullOrEmpty(zone))
            return;
        if ((spec.TimezoneName.Length > 0 && spec.TimezoneName != zone) || spec.TimezoneData.Length > 0)
            throw new InvalidSpecException("conflicting timezone names");
        spec.TimezoneName = zone;
    }

    static StructuredCalendarSpec Structured(CalendarSpec calendar)
    {
        var errors = new List<string>();
        var result = new StructuredCalendarSpec { Comment = calendar.Comment };
        Read(result.Second, FieldText.Second, calendar.Second);
        Read(result.Minute, FieldText.Minute, calendar.Minute);
        Read(result.Hour, FieldText.Hour, calendar.Hour);
        Read(result.DayOfWeek, FieldText.DayOfWeek, calendar.DayOfWeek);
        Read(result.DayOfMonth, FieldText.DayOfMonth, calendar.DayOfMonth);
        Read(result.Month, FieldText.Month, calendar.Month);
        Read(result.Year, FieldText.Year, calendar.Year);
        return errors.Count == 0 ? result : throw new InvalidSpecException(string.Join(", ", errors));

        void Read(RepeatedField<Range> ranges, FieldText field, string text)
        {
            try
            {
                ranges.AddRange(field.Read(text));
            }
            catch (InvalidSpecException error)
            {
                errors.Add(error.Message);
            }
        }
    }

    static void Check(StructuredCalendarSpec calendar)
    {
        var errors = new List<string>();
        Check(calendar.Second, "Second", 0, 59);
        Check(calendar.Minute, "Minute", 0, 59);
        Check(calendar.Hour, "Hour", 0, 23);
        Check(calendar.DayOfMonth, "DayOfMonth", 1, 31);
        Check(calendar.Month, "Month", 1, 12);
        Check(calendar.Year, "Year", CalendarLimits.FirstYear, CalendarLimits.LastYear);
        Check(calendar.DayOfWeek, "DayOfWeek", 0, 6);
        if (System.Text.Encoding.UTF8.GetByteCount(calendar.Comment) > CalendarLimits.CommentLength)
            errors.Add("comment is too long");
        if (errors.Count > 0)
            throw new InvalidSpecException("invalid calendar spec: " + string.Join(", ", errors));

        void Check(RepeatedField<Range> ranges, string field, int minimum, int maximum)
        {
            foreach (var range in ranges)
            {
                if (range.Start < minimum || range.Start > maximum)
                    errors.Add($"{field} Start is not in range [{minimum}-{maximum}]");
                if (range.End != 0 && (range.End < range.Start || range.End > maximum))
                    errors.Add($"{field} End is before Start or not in range [{minimum}-{maximum}]");
                if (range.Step < 0)
                    errors.Add($"{field} has invalid Step");
            }
        }
    }

    static void Check(IntervalSpec spec)
    {
        var interval = GoDuration.Nanos(spec.Interval);
        var phase = GoDuration.Nanos(spec.Phase);
        if (interval < NanosPerSecond)
            throw new InvalidSpecException("interval is too small");
        if (phase < 0)
            throw new InvalidSpecException("phase is negative");
        if (phase >= interval)
            throw new InvalidSpecException("phase cannot be greater than Interval");
    }

    static IEnumerable<RepeatedField<Range>> Fields(StructuredCalendarSpec calendar) =>
        [calendar.Second, calendar.Minute, calendar.Hour, calendar.DayOfMonth, calendar.Month, calendar.Year, calendar.DayOfWeek];
}

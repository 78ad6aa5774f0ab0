using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Says in words what a clock change or a calendar did to a due time.</summary>
public static class DueNotes
{
    /// <summary>Null when there is nothing to say.</summary>
    public static string? Of(Schedule schedule, TimingEvent e) => Of(schedule.TimeZone, e);

    public static string? Of(Zone zone, TimingEvent e)
    {
        var local = Clock(e.At + zone.OffsetAt(e.At));
        return e.Kind switch
        {
            TimingEventKind.Lost => $"{Missing(zone, e)}; not made up.",
            TimingEventKind.PassSkipped =>
                $"{local} comes twice on {Date(e.At + zone.OffsetAt(e.At))} in {zone}; this is the {Name(e.Pass)} time, the other one "
                    + "runs.",
            TimingEventKind.Excluded => $"{local} on {Date(e.At + zone.OffsetAt(e.At))} is {ExcludedBy(e)}.",
            TimingEventKind.Due when e.Lost > 0 => $"{Missing(zone, e)}; {Made(e)} right after the change, at {local}.",
            TimingEventKind.Due when e.Pass != Pass.Only =>
                $"{local} comes twice on {Date(e.At + zone.OffsetAt(e.At))} in {zone}; this is the {Name(e.Pass)} time.",
            _ => null,
        };
    }

    /// <summary>"excluded by calendar 'freeze'", to stand behind a due time.</summary>
    public static string ExcludedBy(TimingEvent e) => (e.Outside, e.Calendar) switch
    {
        (false, "") => "excluded by a calendar of its own",
        (false, var name) => $"excluded by calendar '{name}'",
        (true, "") => "outside of the only times that it has",
        (true, var names) => $"outside of its only calendar, '{names}'",
    };

    static string Missing(Zone zone, TimingEvent e) => e.Lost == 1
        ? $"{Clock(e.FirstLost)} does not exist on {Date(e.FirstLost)} in {zone}"
        : $"{e.Lost} times from {Clock(e.FirstLost)} to {Clock(e.LastLost)} do not exist on {Date(e.FirstLost)} in {zone}";

    static string Made(TimingEvent e) => e.Runs == 1 ? "one run" : $"{e.Runs} runs";

    static string Name(Pass pass) => pass == Pass.First ? "first" : "second";

    static string Clock(long local) => At(local).ToString(local % 60 == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);

    static string Date(long local) => At(local).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTime At(long local) => DateTime.UnixEpoch.AddSeconds(local);
}

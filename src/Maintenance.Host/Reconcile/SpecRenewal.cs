using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Some schedules are on the server as a list of due times that ends. It is made anew long before; this tells when that did not happen.
/// </summary>
static class SpecRenewal
{
    const int NamesShown = 5;

    /// <summary>A schedule whose list is more than half used up.</summary>
    public sealed record Entry(string ScheduleId, DateTimeOffset EndsAt);

    public static IReadOnlyList<Entry> Overdue(IReadOnlyList<AppliedSchedule> applied, DateTimeOffset now)
    {
        var overdue = new List<Entry>();
        // What was applied within the last half year cannot be half used up: lists reach over a year at least.
        foreach (var version in applied.Where(a => now - a.AppliedAt > TimeSpan.FromDays(180)))
        {
            if (ScheduleFile.ReadResolved(version.SourceJson, version.ScheduleId).Value is { } schedule
                && SpecCompiler.Compile(schedule, version.AppliedAt).Spec?.Until is { } end
                && now > version.AppliedAt + ((end - version.AppliedAt) / 2))
                overdue.Add(new Entry(version.ScheduleId, end));
        }

        return [.. overdue.OrderBy(e => e.EndsAt)];
    }

    public static string Message(IReadOnlyList<Entry> overdue) =>
        $"{overdue.Count} schedules have due times on the server only until {Instants.Format(overdue[0].EndsAt)} and could not be renewed: "
        + string.Join(", ", overdue.Take(NamesShown).Select(e => e.ScheduleId)) + (overdue.Count > NamesShown ? ", …" : "")
        + ". Mend the files or the server, then run `maintenance apply`.";
}

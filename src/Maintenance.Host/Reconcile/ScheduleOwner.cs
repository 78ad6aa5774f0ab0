using Maintenance.Schedules;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Whose a schedule on the server is: the installation that its memo names. No update changes a schedule's memo, so that one which was
/// adopted names its new owner in the memo of its action, where every apply writes the installation, and that one counts first.
/// </summary>
static class ScheduleOwner
{
    /// <summary>Null when nobody of Maintenance made it.</summary>
    public static async Task<string?> OfAsync(ScheduleDescription description) => Of(
        description.Id,
        await TemporalSchedules.MemoAsync(description.Schedule, RunMemo.Schedule),
        await TemporalSchedules.MemoAsync(description.Schedule, RunMemo.Installation),
        description.Memo.TryGetValue(RunMemo.Installation, out var raw) ? await TemporalSchedules.TryTextAsync(raw) : null);

    /// <param name="actionSchedule">A schedule that was copied by hand carries the memo of the one that it was copied from.</param>
    public static string? Of(string id, string? actionSchedule, string? actionOwner, string? scheduleOwner) =>
        actionSchedule == id && actionOwner is not null ? actionOwner : scheduleOwner;

    /// <summary>For people.</summary>
    public static string Name(string? owner) => owner is null ? "nobody of Maintenance" : $"installation '{owner}'";
}

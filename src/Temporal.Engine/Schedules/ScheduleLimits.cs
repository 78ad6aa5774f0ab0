using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>The limits of schedules and what clients leave out.</summary>
static class ScheduleLimits
{
    public static readonly TimeSpan DefaultCatchupWindow = TimeSpan.FromDays(365);
    public static readonly TimeSpan SmallestCatchupWindow = TimeSpan.FromSeconds(10);

    /// <summary>How long a schedule with nothing left to do is kept after its last event.</summary>
    public static readonly TimeSpan IdleRetention = TimeSpan.FromDays(7);

    /// <summary>More waiting starts than this are dropped and counted.</summary>
    public const int Buffer = 1000;

    /// <summary>Backfills leave the other half of the buffer to the schedule itself.</summary>
    public const int BufferForBackfills = Buffer / 2;

    public const int BackfilledPerTurn = 10;
    public const int RecentActions = 10;
    public const int FutureActions = 10;
    public const int ActionsInLists = 5;
    public const int SpecEntriesInLists = 10;
    public const int MatchingTimes = 1000;
    public const int NotesLength = 1000;

    /// <summary>Due times looked at in one turn; more are left for the next, so that a long absence holds up nobody else.</summary>
    public const int TimesPerTurn = 100_000;

    public static SchedulePolicies WithDefaults(SchedulePolicies? given)
    {
        var policies = given?.Clone() ?? new();
        policies.OverlapPolicy = Resolve(policies.OverlapPolicy, ScheduleOverlapPolicy.Skip);
        policies.CatchupWindow = Duration.FromTimeSpan(CatchupWindow(policies));
        return policies;
    }

    public static TimeSpan CatchupWindow(SchedulePolicies policies)
    {
        if (policies.CatchupWindow is null)
            return DefaultCatchupWindow;
        var window = GoDuration.Span(policies.CatchupWindow);
        return window < SmallestCatchupWindow ? SmallestCatchupWindow : window;
    }

    public static ScheduleOverlapPolicy Resolve(ScheduleOverlapPolicy policy, ScheduleOverlapPolicy otherwise) =>
        policy == ScheduleOverlapPolicy.Unspecified ? otherwise : policy;
}

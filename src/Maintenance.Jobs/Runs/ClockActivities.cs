using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Activities;

namespace Maintenance.Jobs.Runs;

/// <summary>Questions about time that workflow code must not answer itself: time zones, and how long a step usually takes.</summary>
public sealed class ClockActivities(IRunStore store, TimeProvider time)
{
    const int DurationsLookedAt = 100;
    static readonly TimeSpan _storeTimeLimit = TimeSpan.FromSeconds(2);

    [Activity("moment")]
    public static MomentAnswer Moment(MomentQuestion question)
    {
        if (MomentText.Parse(question.Text) is not { } moment)
            return new MomentAnswer { Problem = $"waits until '{question.Text}', which is no time. {MomentText.Example}" };
        return Zones.Find(question.TimeZone) is { } zone
            ? new MomentAnswer { At = LocalTimes.Next(moment, zone, question.Now) }
            : new MomentAnswer { Problem = Zones.Unknown(question.TimeZone) };
    }

    [Activity("window")]
    public async Task<WindowVerdict> WindowAsync(WindowQuestion question)
    {
        var usual = await UsualDurationAsync(question);
        return WindowVerdict.Of(question.Window, Zones.Get(question.Window.TimeZone), question.Now, usual);
    }

    /// <summary>The 95th percentile of its last good runs; nothing when there are none, or the database is away.</summary>
    async Task<TimeSpan?> UsualDurationAsync(WindowQuestion question)
    {
        using var limit = new CancellationTokenSource(_storeTimeLimit, time);
        try
        {
            var durations = await store.ListStepDurationsAsync(
                question.Job, question.Step, question.OfTargets, DurationsLookedAt, limit.Token);
            return WindowVerdict.Percentile95(durations);
        }
        catch (Exception away) when (away is RunStoreUnavailableException or OperationCanceledException)
        {
            // Better to start by the clock alone than not at all: the window itself is still kept.
            return null;
        }
    }
}

public sealed record MomentQuestion
{
    public required string Text { get; init; }
    public required string TimeZone { get; init; }
    public required DateTimeOffset Now { get; init; }
}

public sealed record MomentAnswer
{
    public DateTimeOffset? At { get; init; }
    public string? Problem { get; init; }
}

public sealed record WindowQuestion
{
    public required WindowPlan Window { get; init; }
    public required string Job { get; init; }
    public required string Step { get; init; }

    /// <summary>It is about one target of the step.</summary>
    public bool OfTargets { get; init; }
    public required DateTimeOffset Now { get; init; }
}

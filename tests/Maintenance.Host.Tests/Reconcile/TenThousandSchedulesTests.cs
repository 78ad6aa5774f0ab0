using System.Diagnostics;
using System.Globalization;
using Maintenance.Host.Reconcile;
using Temporal.Engine;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>
/// What an operator waits for at 10,000 schedules: all of them created, a look without a change, and every one described. The limits are of processor
/// time, client, embedded engine and SQLite together, so that a busy machine does not matter; docs/performance.md has the figures.
/// </summary>
public sealed class TenThousandSchedulesTests : OnEngine
{
    const int Count = 10_000;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Ten_thousand_schedules_are_created_compared_and_described_in_the_time_of_a_breath()
    {
        Here.WriteSchedules([.. Enumerable.Range(0, Count).Select(Entry)]);

        var create = await TimeAsync(() => Here.ApplyAsync());
        var same = await TimeAsync(() => Here.ApplyAsync());
        var drift = await TimeAsync(() => Here.PlanAsync(drift: true));

        TestContext.Current.SendDiagnosticMessage(
            $"10,000 schedules: created in {create}, no-change apply {same}, full drift {drift}");
        Assert.Equal(Count, create.Plan.Of(ChangeKind.Create).Count());
        Assert.False(same.Plan.HasChanges);
        Assert.False(drift.Plan.HasChanges);
        Assert.True(create.Processor < TimeSpan.FromSeconds(40), $"created in {create}");
        Assert.True(same.Processor < TimeSpan.FromSeconds(8), $"no-change apply in {same}");
        Assert.True(drift.Processor < TimeSpan.FromSeconds(20), $"drift in {drift}");
    }

    /// <summary>As in a real fleet: most are daily, some are frequent, few need a list of their due times.</summary>
    static string Entry(int i) => (i % 20) switch
    {
        < 12 => $""" "id": "daily-{i}", "cron": "{i % 60} {4 + (i % 16)} * * *" """,
        < 16 => $""" "id": "hourly-{i}", "cron": "{i % 60} * * * *", "timeZone": "UTC" """,
        < 18 => $""" "id": "often-{i}", "cron": "*/5 * * * *", "jitter": "1m" """,
        < 19 => $""" "id": "every-{i}", "every": "6h", "offset": "{i % 60}m" """,
        _ => $""" "id": "night-{i}", "cron": "30 2 * * *" """,
    };

    static async Task<Measured> TimeAsync(Func<Task<ReconcilePlan>> work)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var plan = await work();
        return new Measured(plan, Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - before);
    }

    sealed record Measured(ReconcilePlan Plan, TimeSpan Took, TimeSpan Processor)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Took.TotalSeconds:0.0} s, {Processor.TotalSeconds:0.0} s of processor");
    }
}

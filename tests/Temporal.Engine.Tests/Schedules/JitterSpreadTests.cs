using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Schedules;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Tests.Schedules;

/// <summary>Many schedules that are due together start apart from each other, each always at its own time.</summary>
public sealed class JitterSpreadTests
{
    const int Schedules = 2_000;
    const int Minutes = 10;

    static readonly DateTime Now = new(2027, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Schedules_that_are_due_together_spread_evenly_over_their_jitter()
    {
        var starts = Enumerable.Range(0, Schedules).Select(Delay).GroupBy(delay => (int)delay.TotalMinutes).ToDictionary(minute => minute.Key, minute => minute.Count());

        // Four standard deviations of a fair spread.
        var even = Schedules / Minutes;
        Assert.Equal(Enumerable.Range(0, Minutes), starts.Keys.Order());
        Assert.All(starts.Values, count => Assert.InRange(count, even - (4 * (int)Math.Sqrt(even)), even + (4 * (int)Math.Sqrt(even))));
    }

    [Fact]
    public void The_same_due_time_of_a_schedule_always_starts_at_the_same_moment() => Assert.Equal(Delay(7), Delay(7));

    static TimeSpan Delay(int schedule)
    {
        var spec = new ScheduleSpec { Jitter = Duration.FromTimeSpan(TimeSpan.FromMinutes(Minutes)) };
        spec.Interval.Add(new IntervalSpec { Interval = Duration.FromTimeSpan(TimeSpan.FromDays(1)) });
        var next = CompiledSpec.Of(spec, $"namespace-schedule-{schedule}").Next(Now)!.Value;
        return next.Due - next.Nominal;
    }
}

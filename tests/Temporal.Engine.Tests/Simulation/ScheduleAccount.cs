using System.Globalization;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>A schedule that runs from its creation to its end: each of its times is a run, or is counted as left out.</summary>
sealed class ScheduleAccount(string id, int seconds, ScheduleOverlapPolicy policy, DateTimeOffset end)
{
    public string Id { get; } = id;

    /// <param name="info">What the engine says of it.</param>
    /// <param name="workflowIds">One for each chain of runs.</param>
    public void Check(ScheduleInfo info, IReadOnlyList<string> workflowIds)
    {
        var runs = workflowIds.Where(one => one.StartsWith($"{Id}-", StringComparison.Ordinal)).Select(NominalTime).Order().ToList();
        Rule.Holds(runs.Count == runs.Distinct().Count(), $"{Id} has started a time twice");
        Rule.Holds(runs.Count == info.ActionCount, $"{Id} says that it started {info.ActionCount} and there are {runs.Count}");
        Rule.Holds(info is { MissedCatchupWindow: 0, BufferDropped: 0 }, $"{Id} has dropped times: {info}");
        var (passed, accounted) = (Times(info.CreateTime.ToDateTimeOffset(), end), info.ActionCount + info.OverlapSkipped);
        Rule.Holds(accounted == passed, $"{Id} ({policy}) accounts for {accounted} times, and {passed} have passed");
        if (policy is ScheduleOverlapPolicy.AllowAll or ScheduleOverlapPolicy.BufferAll)
        {
            for (var number = 1; number < runs.Count; number++)
                Rule.Holds(runs[number] - runs[number - 1] == TimeSpan.FromSeconds(seconds), $"{Id} has nothing between {runs[number - 1]:O} and {runs[number]:O}");
        }
    }

    DateTimeOffset NominalTime(string workflowId) =>
        DateTimeOffset.Parse(workflowId.AsSpan(Id.Length + 1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // Whole multiples of the interval since 1970.
    long Times(DateTimeOffset after, DateTimeOffset until) =>
        (until.ToUnixTimeMilliseconds() / (1_000 * seconds)) - (after.ToUnixTimeMilliseconds() / (1_000 * seconds));
}

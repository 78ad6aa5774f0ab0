using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Tests.Worker;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// The C# workflows, run by this worker on the embedded engine, make the histories that the official TypeScript SDK made on a real
/// server: the same events with the same ids, attempts and durations, whatever the size of the cache.
/// </summary>
public sealed class SameHistoryTests
{
    // Scenarios in which nobody but the workflow and its activities acts, and that take no more than a few seconds.
    static readonly string[] Scenarios =
    [
        "starting.simpleComplete.main", "starting.jsonValues.object", "starting.jsonValues.null", "starting.jsonValues.large",
        "starting.bytesAndUndefined.bytes", "starting.bytesAndUndefined.undefined", "starting.bytesAndUndefined.several",
        "ending.applicationFailure.main", "activities.success.main", "activities.sequence.main", "activities.failureOfWorkflow.main",
        "activities.maximumAttempts.main", "activities.retryBackoff.main", "activities.nextRetryDelay.main", "activities.notRetried.flag",
        "activities.notRetried.list", "activities.saga.main", "activities.cancelAtOnce.main", "activities.heartbeatDetailsCarried.main",
        "timers.fires.main", "timers.zero.main", "timers.cancelled.main", "timers.cancelledAtOnce.main", "timers.conditionTimesOut.main",
        "timers.scopeDeadline.main", "timers.summary.main", "markers.success.main", "markers.failed.main", "markers.retried.main",
        "markers.longBackoff.main", "markers.aroundTimer.main", "versions.patched.main", "versions.patchedTwice.main", "versions.deprecated.main",
        "children.cancelAtOnce.main",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_workflow_makes_the_history_that_was_recorded(int cacheSize)
    {
        await using var harness = await Harness.StartAsync();
        var options = harness.Options().AddAllActivities(typeof(KitActivities), null);
        options.MaxCachedWorkflows = cacheSize;
        foreach (var workflow in Kit.Workflows())
            options.AddWorkflow(workflow);

        var differences = new List<string>();
        await harness.RunAsync(options, async () =>
        {
            foreach (var batch in Scenarios.Chunk(6))
                differences.AddRange((await Task.WhenAll(batch.Select(name => DifferenceAsync(harness, options.TaskQueue!, name)))).OfType<string>());
        });

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    static async Task<string?> DifferenceAsync(Harness harness, string taskQueue, string name)
    {
        var recorded = WorkflowHistory.FromJson(name, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "histories", $"{name}.json"))).Events.ToList();
        var start = recorded[0].WorkflowExecutionStartedEventAttributes;
        var handle = await harness.Client.StartWorkflowAsync(
            start.WorkflowType.Name,
            [.. (start.Input?.Payloads_ ?? []).Select(payload => (object?)new RawValue(payload))],
            new(id: $"{name}-{Guid.NewGuid()}", taskQueue: taskQueue));
        await Eventually.IsTrue(async () => (await handle.DescribeAsync()).Status != WorkflowExecutionStatus.Running, name);

        var expected = recorded.Select(Text).ToList();
        var actual = (await Harness.HistoryAsync(handle)).Select(Text).ToList();
        return expected.SequenceEqual(actual)
            ? null
            : $"{name}:\n  expected {string.Join("\n           ", expected)}\n  actual   {string.Join("\n           ", actual)}";
    }

    static string Text(HistoryEvent e) => $"{e.EventId} {e.EventType} " + e.EventType switch
    {
        EventType.ActivityTaskScheduled => $"{e.ActivityTaskScheduledEventAttributes.ActivityId} {e.ActivityTaskScheduledEventAttributes.ActivityType.Name}",
        EventType.ActivityTaskStarted => e.ActivityTaskStartedEventAttributes.Attempt,
        EventType.ActivityTaskFailed => e.ActivityTaskFailedEventAttributes.RetryState,
        EventType.TimerStarted => $"{e.TimerStartedEventAttributes.TimerId} {e.TimerStartedEventAttributes.StartToFireTimeout}",
        EventType.TimerFired => e.TimerFiredEventAttributes.TimerId,
        EventType.MarkerRecorded => e.MarkerRecordedEventAttributes.MarkerName,
        EventType.WorkflowExecutionFailed => e.WorkflowExecutionFailedEventAttributes.Failure.Message,
        _ => string.Empty,
    };
}

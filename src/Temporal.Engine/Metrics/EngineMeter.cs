using System.Diagnostics.Metrics;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>
/// What an engine measures about itself, under the meter name <see cref="Name"/>. docs/reference/metrics.md is the table of these.
/// Counts are of what is on disk; the gauges are as the loop saw them within the last second.
/// </summary>
sealed class EngineMeter : IDisposable
{
    public const string Name = "Temporal.Engine";

    static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    };

    static readonly InstrumentAdvice<long> Bytes = new()
    {
        HistogramBucketBoundaries = [1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
    };
    static readonly InstrumentAdvice<long> Counts = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    readonly Meter _meter = new(Name);
    readonly Histogram<double> _commitDuration;
    readonly Histogram<long> _commitSize;
    readonly Histogram<long> _commitRequests;
    readonly Counter<long> _commitFailures;
    readonly Histogram<double> _taskWait;
    readonly Histogram<double> _scheduleLateness;
    readonly Counter<long> _started;
    readonly Counter<long> _closed;
    volatile EngineGauges _gauges = EngineGauges.None;

    public EngineMeter()
    {
        _commitDuration = _meter.CreateHistogram(
            "temporal.engine.commit.duration", "s", "How long a commit took, with its fsync", advice: Seconds);
        _commitSize = _meter.CreateHistogram(
            "temporal.engine.commit.size", "By", "Bytes of events, records and documents in a commit", advice: Bytes);
        _commitRequests = _meter.CreateHistogram(
            "temporal.engine.commit.requests", "{request}", "Requests that one commit answered", advice: Counts);
        _commitFailures = _meter.CreateCounter<long>("temporal.engine.commit.failures", "{commit}", "Commits that did not reach the disk");
        _taskWait = _meter.CreateHistogram(
            "temporal.engine.task.wait", "s", "How long a task lay in its queue before a worker had it", advice: Seconds);
        _scheduleLateness = _meter.CreateHistogram(
            "temporal.engine.schedule.lateness", "s", "How long after its due time a schedule was looked at", advice: Seconds);
        _started = _meter.CreateCounter<long>("temporal.engine.workflows.started", "{workflow}", "Runs that were started");
        _closed = _meter.CreateCounter<long>("temporal.engine.workflows.closed", "{workflow}", "Runs that ended, by status");
        _meter.CreateObservableGauge("temporal.engine.workflows.open", () => _gauges.OpenWorkflows, "{workflow}", "Open runs");
        _meter.CreateObservableGauge("temporal.engine.schedules", () => _gauges.Schedules, "{schedule}", "Schedules");
        _meter.CreateObservableGauge(
            "temporal.engine.writable", () => _gauges.IsWritable ? 1 : 0, "1", "1 while commits reach the disk, else 0");
        _meter.CreateObservableGauge(
            "temporal.engine.queue.depth", () => Measure(queue => queue.Depth), "{task}", "Tasks that wait for a worker");
        _meter.CreateObservableGauge(
            "temporal.engine.queue.pollers", () => Measure(queue => queue.Pollers), "{poller}", "Polls that wait for a task");
    }

    IEnumerable<Measurement<int>> Measure(Func<QueueGauge, int> value) =>
        _gauges.Queues.Select(queue => new Measurement<int>(value(queue), new("queue", queue.Name), new("kind", KindOf(queue.Type))));

    public void Publish(EngineGauges gauges) => _gauges = gauges;

    public void OnCommitted(TimeSpan took, StoreBatch batch, int requests)
    {
        _commitDuration.Record(took.TotalSeconds);
        if (_commitSize.Enabled)
            _commitSize.Record(batch.Size);
        if (requests > 0)
            _commitRequests.Record(requests);
    }

    public void OnCommitFailed() => _commitFailures.Add(1);

    public void OnHandedOut(TaskQueueType type, TimeSpan waited) =>
        _taskWait.Record(Math.Max(0, waited.TotalSeconds), new KeyValuePair<string, object?>("kind", KindOf(type)));

    public void OnScheduleDue(TimeSpan late) => _scheduleLateness.Record(Math.Max(0, late.TotalSeconds));

    public void OnStarted() => _started.Add(1);

    public void OnClosed(WorkflowExecutionStatus status) => _closed.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    static string KindOf(TaskQueueType type) => type == TaskQueueType.Workflow ? "workflow" : "activity";

    public void Dispose() => _meter.Dispose();
}

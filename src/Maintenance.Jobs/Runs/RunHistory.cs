using Maintenance.Records;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Converters;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// The record of a run as its workflow history tells it. A run that came to its end handed its whole record to the activity <c>finish</c>,
/// and that stands in the history; of one that was ended from outside, the history has what <c>begin</c> decided and each attempt's report.
/// </summary>
public sealed class RunHistory
{
    readonly IReadOnlyList<HistoryEvent> _events;
    readonly DataConverter _converter;
    readonly Dictionary<long, HistoryEvent> _completions;

    RunHistory(IReadOnlyList<HistoryEvent> events, DataConverter converter)
    {
        _events = events;
        _converter = converter;
        _completions = events
            .Where(e => e.ActivityTaskCompletedEventAttributes is not null)
            .ToDictionary(e => e.ActivityTaskCompletedEventAttributes.ScheduledEventId);
    }

    /// <summary>Null when this is the history of something else than a run, or of a run that did not begin.</summary>
    public static async Task<RunRecord?> ReadAsync(IReadOnlyList<HistoryEvent> events, DataConverter converter)
    {
        var history = new RunHistory(events, converter);
        return await history.FinishedAsync() ?? await history.UnfinishedAsync();
    }

    async Task<RunRecord?> FinishedAsync()
    {
        var finish = Scheduled().LastOrDefault(e => e.ActivityTaskScheduledEventAttributes.ActivityId == "finish");
        return finish is null ? null : await InputAsync<RunRecord>(finish);
    }

    async Task<RunRecord?> UnfinishedAsync()
    {
        if (Scheduled().FirstOrDefault(e => e.ActivityTaskScheduledEventAttributes.ActivityId == "begin") is not { } begin)
            return null;

        var progress = new RunProgress(await InputAsync<BeginRequest>(begin));
        if (_completions.ContainsKey(begin.EventId))
            progress.Begin(await ResultAsync<BeginResult>(begin));
        var (status, reason) = Ending();
        var record = progress.ToRecord(TimeOf(_events[^1]));
        return record with
        {
            Status = status,
            Reason = reason,
            FinishedAt = status == RunStatus.Running ? null : record.FinishedAt,
            Steps = await StepsAsync(record.Steps, isOver: status != RunStatus.Running),
        };
    }

    (RunStatus Status, string? Reason) Ending() => _events[^1].EventType switch
    {
        EventType.WorkflowExecutionTerminated =>
            (RunStatus.Terminated, Sentence("The run was terminated", _events[^1].WorkflowExecutionTerminatedEventAttributes.Reason)),
        EventType.WorkflowExecutionTimedOut => (RunStatus.TimedOut, "The server ended the run: its workflow timeout was over."),
        EventType.WorkflowExecutionCanceled => (RunStatus.Cancelled, "The run was cancelled."),
        EventType.WorkflowExecutionFailed =>
            (RunStatus.Failed, Sentence("The workflow failed", _events[^1].WorkflowExecutionFailedEventAttributes.Failure?.Message)),
        EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionContinuedAsNew =>
            (RunStatus.Failed, "The workflow ended without recording its run."),
        _ => (RunStatus.Running, null),
    };

    /// <summary>
    /// The steps with the attempts that were reported. One that was begun and not reported on has an outcome that nobody knows.
    /// </summary>
    async Task<IReadOnlyList<StepRecord>> StepsAsync(IReadOnlyList<StepRecord> declared, bool isOver)
    {
        var steps = declared.ToList();
        foreach (var scheduled in Scheduled())
        {
            var id = scheduled.ActivityTaskScheduledEventAttributes.ActivityId;
            // Messages about questions are no attempts.
            if (id.StartsWith("notify/", StringComparison.Ordinal))
                continue;
            if (id.LastIndexOf('/') is not (> 0 and var slash) || !int.TryParse(id.AsSpan(slash + 1), out var number))
                continue;

            var index = steps.FindIndex(step => step.Name == id[..slash]);
            if (index < 0)
            {
                index = steps.Count;
                steps.Add(new() { Position = index + 1, Name = id[..slash], Kind = "run", Status = StepStatus.Pending });
            }

            var report = _completions.ContainsKey(scheduled.EventId) ? await ResultAsync<StepReport>(scheduled) : null;
            var attempt = report is null
                ? Unreported(scheduled, id, number)
                : report.Record with { Number = number, ExecutionRunId = null };
            steps[index] = WithAttempt(steps[index], attempt, report?.Outputs, isOver);
        }

        return [.. steps.Select(step => isOver && step.Status == StepStatus.Pending
            ? step with { Status = StepStatus.Skipped, Reason = "the run ended before it" }
            : step)];
    }

    static StepRecord WithAttempt(StepRecord step, AttemptRecord attempt, IReadOnlyDictionary<string, string>? outputs, bool isOver) =>
        step with
        {
            Status = outputs is null && !isOver ? StepStatus.Running : StatusOf(attempt.Outcome),
            StartedAt = step.StartedAt ?? attempt.StartedAt,
            FinishedAt = attempt.FinishedAt,
            Reason = attempt.Reason,
            Outputs = outputs ?? step.Outputs,
            Attempts = outputs is null && !isOver ? step.Attempts : [.. step.Attempts, attempt],
        };

    static AttemptRecord Unreported(HistoryEvent scheduled, string id, int number) => new()
    {
        Number = number,
        ActivityId = id,
        Outcome = AttemptOutcome.Unknown,
        Recovery = AttemptRecovery.Unknown,
        StartedAt = TimeOf(scheduled),
        Reason = "the run ended before its host reported",
    };

    static StepStatus StatusOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => StepStatus.Succeeded,
        AttemptOutcome.TimedOut => StepStatus.TimedOut,
        AttemptOutcome.Cancelled => StepStatus.Cancelled,
        AttemptOutcome.Unknown => StepStatus.Unknown,
        _ => StepStatus.Failed,
    };

    IEnumerable<HistoryEvent> Scheduled() => _events.Where(e => e.ActivityTaskScheduledEventAttributes is not null);

    Task<T> InputAsync<T>(HistoryEvent scheduled) =>
        _converter.ToValueAsync<T>(scheduled.ActivityTaskScheduledEventAttributes.Input.Payloads_[0]);

    Task<T> ResultAsync<T>(HistoryEvent scheduled) =>
        _converter.ToValueAsync<T>(_completions[scheduled.EventId].ActivityTaskCompletedEventAttributes.Result.Payloads_[0]);

    static DateTimeOffset TimeOf(HistoryEvent e) => e.EventTime.ToDateTimeOffset();

    static string Sentence(string what, string? why) => string.IsNullOrEmpty(why) ? $"{what}." : $"{what}: {why}";
}

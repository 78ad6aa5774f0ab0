using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>
/// One run in memory: the fold of its history plus its side record. Its parts by subject are in the files WorkflowRun.*.cs;
/// the rules that change it are in the classes beside them, and all of them write events through <see cref="Add"/>.
/// </summary>
sealed partial class WorkflowRun(long key, NamespaceEntry ns, string workflowId, string runId) : ITimed
{
    readonly List<HistoryEvent> _uncommitted = [];
    readonly List<HistoryEvent> _buffered = [];
    readonly List<HistoryEvent> _tail = [];
    bool _isNew;
    bool _sideChanged;
    bool _visibilityChanged;

    /// <summary>Small number that stands for this run in the store.</summary>
    public long Key { get; } = key;

    public NamespaceEntry Namespace { get; } = ns;

    public string WorkflowId { get; } = workflowId;

    public string RunId { get; } = runId;

    /// <summary>Part of the batch that is being built.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Which command of the batch touched it first.</summary>
    public long TouchedBy { get; set; }

    /// <summary>Thrown away for a newer fold of the same run: whoever still holds it must look it up again.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Timestamp of the last change or look at it.</summary>
    public long UsedAt { get; set; }

    /// <summary>The directory looks at it when it was not used for a while.</summary>
    public bool IsNotedUnused { get; set; }

    public int HeapIndex { get; set; } = -1;

    public DateTime Due { get; set; }

    public long NextEventId { get; private set; } = 1;

    public long HistorySize { get; private set; }

    public long StateTransitions { get; private set; }

    public bool HasBuffered => _buffered.Count > 0;

    public IReadOnlyList<HistoryEvent> BufferedEvents => _buffered;

    public bool IsBufferFull =>
        _buffered.Count > HistoryLimits.BufferedEvents || _buffered.Sum(one => (long)one.CalculateSize()) > HistoryLimits.BufferedBytes;

    /// <summary>Waiters of GetWorkflowExecutionHistory with wait_new_event.</summary>
    public List<HistoryWaiter> HistoryWaiters { get; } = [];

    public WorkflowExecution Execution => new() { WorkflowId = WorkflowId, RunId = RunId };

    /// <summary>The events from this id on, or null when they are not all in memory.</summary>
    public List<HistoryEvent>? TailFrom(long eventId)
    {
        if (eventId >= NextEventId)
            return [];
        if (_tail.Count == 0 || _tail[0].EventId > eventId)
            return null;
        return _tail.GetRange((int)(eventId - _tail[0].EventId), (int)(NextEventId - eventId));
    }

    /// <summary>Makes this run part of the batch as a new one.</summary>
    public void MarkNew(EngineTransaction tx)
    {
        _isNew = true;
        tx.Touch(this);
    }

    /// <summary>Says that something changes that is in the side record, not in history.</summary>
    public void TouchSide(EngineTransaction tx)
    {
        tx.Touch(this);
        _sideChanged = true;
    }

    /// <summary>Writes an event: at once, or, where its type may not interrupt a started workflow task, into the buffer.</summary>
    public HistoryEvent Add(EngineTransaction tx, HistoryEvent added, DateTime? time = null)
    {
        TouchSide(tx);
        added.EventType = EventTypes.Of(added);
        added.EventTime = Timestamp.FromDateTime(time ?? tx.Now);
        if (EventTypes.IsBuffered(added.EventType))
        {
            added.EventId = EventTypes.Buffered;
            _buffered.Add(added);
        }
        else
        {
            Number(added);
        }

        Apply(added);
        return added;
    }

    void Number(HistoryEvent added)
    {
        added.EventId = NextEventId++;
        // Any growing number will do: there is no replication that compares them.
        added.TaskId = (Key << 20) + added.EventId;
        _uncommitted.Add(added);
        _tail.Add(added);
    }

    /// <summary>Whether the end of this activity waits in the buffer.</summary>
    public bool HasBufferedEndOf(long scheduledEventId) => _buffered.Any(one => scheduledEventId == one.EventType switch
    {
        EventType.ActivityTaskCompleted => one.ActivityTaskCompletedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskFailed => one.ActivityTaskFailedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskTimedOut => one.ActivityTaskTimedOutEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCanceled => one.ActivityTaskCanceledEventAttributes.ScheduledEventId,
        _ => -1,
    });

    /// <summary>Takes the end of a timer out of the buffer; the id of its Started event, or null when there is none.</summary>
    public long? TakeBufferedTimerFired(EngineTransaction tx, string timerId)
    {
        var index = _buffered.FindIndex(one => one.TimerFiredEventAttributes?.TimerId == timerId);
        if (index < 0)
            return null;
        TouchSide(tx);
        var fired = _buffered[index].TimerFiredEventAttributes;
        _buffered.RemoveAt(index);
        return fired.StartedEventId;
    }

    /// <summary>Gives the buffered events their ids. Not while a workflow task is started.</summary>
    public void FlushBuffered(EngineTransaction tx)
    {
        if (_buffered.Count == 0)
            return;
        TouchSide(tx);
        var ordered = _buffered.OrderBy(one => EventTypes.IsCompletion(one.EventType)).ToList();
        _buffered.Clear();
        foreach (var one in ordered)
        {
            Number(one);
            Wire(one);
        }
    }

    /// <summary>Ends of what started in the same flush refer to a start that had no id until now.</summary>
    void Wire(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.ActivityTaskStarted:
                _startedBySchedule[one.ActivityTaskStartedEventAttributes.ScheduledEventId] = one.EventId;
                break;
            case EventType.ActivityTaskCompleted:
                one.ActivityTaskCompletedEventAttributes.StartedEventId =
                    Started(one.ActivityTaskCompletedEventAttributes.ScheduledEventId);
                break;
            case EventType.ActivityTaskFailed:
                one.ActivityTaskFailedEventAttributes.StartedEventId = Started(one.ActivityTaskFailedEventAttributes.ScheduledEventId);
                break;
            case EventType.ActivityTaskTimedOut:
                one.ActivityTaskTimedOutEventAttributes.StartedEventId = Started(one.ActivityTaskTimedOutEventAttributes.ScheduledEventId);
                break;
            case EventType.ActivityTaskCanceled:
                one.ActivityTaskCanceledEventAttributes.StartedEventId = Started(one.ActivityTaskCanceledEventAttributes.ScheduledEventId);
                break;
            default:
                WireChild(one);
                break;
        }

        long Started(long scheduledEventId) =>
            _startedBySchedule.Remove(scheduledEventId, out var started) ? started : 0;
    }

    readonly Dictionary<long, long> _startedBySchedule = [];

    /// <summary>Turns what changed into rows of the batch.</summary>
    public void WriteTo(StoreBatch batch)
    {
        if (_uncommitted.Count > 0)
        {
            var history = new History { Events = { _uncommitted } };
            var content = history.ToByteArray();
            HistorySize += content.Length;
            batch.Events.Add(new(Key, _uncommitted[0].EventId, _uncommitted[^1].EventId, content));
        }

        StateTransitions++;
        if (_sideChanged || _isNew)
        {
            batch.Runs.Add(new(
                Key, Namespace.Id, WorkflowId, RunId, FirstRunId, (int)Status, StartTime, NextEventId, HistorySize, CreateRequestId,
                ToSideRecord().ToByteArray())
            { IsNew = _isNew });
        }

        if (_visibilityChanged || _isNew)
            batch.Visibility.Add(ToVisibility());
    }

    /// <summary>What was added is on disk.</summary>
    public void OnCommitted()
    {
        var added = _uncommitted.Count > 0;
        _uncommitted.Clear();
        _isNew = false;
        _sideChanged = false;
        _visibilityChanged = false;
        TrimTail();
        if (!added && IsOpen)
            return;
        var waiters = HistoryWaiters.ToList();
        HistoryWaiters.Clear();
        foreach (var waiter in waiters)
            waiter.Tell();
    }

    /// <summary>
    /// Only what the next workflow task will show stays in memory; a run that waits keeps little. Nothing is lost: older
    /// events are read from disk.
    /// </summary>
    void TrimTail()
    {
        var keepFrom = Math.Max(LastCompletedTaskStartedEventId + 1, NextEventId - TailLimit);
        if (_tail.Count > 0 && keepFrom > _tail[0].EventId)
            _tail.RemoveRange(0, (int)Math.Min(_tail.Count, keepFrom - _tail[0].EventId));
        if (_tail.Count == 0)
            _tail.Capacity = 0;
    }

    const int TailLimit = 512;
}

using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Schedules;
using Temporal.Engine.Stored;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.Workflow.V1;

namespace Temporal.Engine.Tests.Schedules;

/// <summary>One schedule with workflows that end when the test says so. Time is whatever the test gives.</summary>
sealed class MachineBench : IScheduleActions
{
    public static readonly DateTime Origin = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly Dictionary<string, string> _open = [];
    readonly HashSet<string> _used = [];

    /// <param name="every">Seconds between due times.</param>
    public MachineBench(int every = 60, ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy.Skip, Action<Schedule>? change = null)
    {
        Schedule = new()
        {
            Spec = new() { Interval = { new IntervalSpec { Interval = new() { Seconds = every } } } },
            Action = new() { StartWorkflow = new NewWorkflowExecutionInfo { WorkflowId = "run" } },
            Policies = new() { OverlapPolicy = overlap },
            State = new(),
        };
        change?.Invoke(Schedule);
        Machine = new(ScheduleRecords.New("ns-id", "schedule", "request", Schedule.Clone(), null, null, Origin), this);
        Machine.Wake(Origin);
    }

    public Schedule Schedule { get; }

    public ScheduleMachine Machine { get; private set; }

    public ScheduleInfo Info => Machine.Record.Info;

    public ScheduleState State => Machine.Record.State;

    public int Waiting => Machine.Record.Progress.BufferedStarts.Count;

    /// <summary>What was started: seconds after <see cref="Origin"/>, in order.</summary>
    public List<int> Started { get; } = [];

    public List<ScheduledStart> Starts { get; } = [];

    public List<string> Cancelled { get; } = [];

    public List<string> Terminated { get; } = [];

    public DateTime Now { get; private set; } = Origin;

    public static DateTime At(double seconds) => Origin.AddSeconds(seconds);

    /// <summary>Goes on to this time, waking up whenever the schedule asked for it.</summary>
    public void RunTo(double seconds)
    {
        while (!Machine.IsFinished && Machine.NextWakeUp is { } next && next <= At(seconds))
        {
            Now = next > Now ? next : Now;
            Machine.Wake(Now);
        }

        Now = At(seconds);
    }

    /// <summary>Time passes and nobody notices, as when the server is down.</summary>
    public void SleepTo(double seconds) => Now = At(seconds);

    public void Patch(SchedulePatch patch) => Machine.Patch(Now, patch);

    public void Trigger(ScheduleOverlapPolicy policy = ScheduleOverlapPolicy.Unspecified) =>
        Patch(new() { TriggerImmediately = new() { OverlapPolicy = policy } });

    public void Backfill(double from, double to, ScheduleOverlapPolicy policy = ScheduleOverlapPolicy.Unspecified) => Patch(new()
    {
        BackfillRequest = { new BackfillRequest { StartTime = Timestamp.FromDateTime(At(from)), EndTime = Timestamp.FromDateTime(At(to)), OverlapPolicy = policy } },
    });

    public void Update(Action<Schedule> change, long token = 0)
    {
        change(Schedule);
        Machine.Update(Now, Schedule.Clone(), token, null);
    }

    public void End(
        int started, WorkflowExecutionStatus status = WorkflowExecutionStatus.Completed, string? result = null, string? failure = null)
    {
        var id = IdOf(started);
        Assert.True(_open.Remove(id, out var runId), $"{id} is not open");
        Machine.Closed(Now, new(id, runId, status, result is null ? null : Texts(result), failure is null ? null : new() { Message = failure }));
    }

    /// <summary>As after a restart: only what is stored is left.</summary>
    public void Reload()
    {
        var (definition, progress) = ScheduleRecords.Serialize(Machine.Record);
        Machine = new(ScheduleRecords.Deserialize(definition, progress), this);
    }

    public static string Text(Payloads payloads) => payloads.Payloads_.Single().Data.ToStringUtf8();

    string? IScheduleActions.Start(ScheduledStart start)
    {
        if (_open.ContainsKey(start.WorkflowId) || (!start.Manual && _used.Contains(start.WorkflowId)))
            return null;
        var runId = $"run-{Starts.Count}";
        _open[start.WorkflowId] = runId;
        _used.Add(start.WorkflowId);
        Starts.Add(start);
        Started.Add((int)(start.NominalTime - Origin).TotalSeconds);
        return runId;
    }

    void IScheduleActions.Cancel(WorkflowExecution first) => Cancelled.Add(first.WorkflowId);

    void IScheduleActions.Terminate(WorkflowExecution first)
    {
        Terminated.Add(first.WorkflowId);
        _open.Remove(first.WorkflowId);
        Machine.Closed(Now, new(first.WorkflowId, first.RunId, WorkflowExecutionStatus.Terminated, null, null));
    }

    static string IdOf(int started) => $"run-{At(started):yyyy-MM-ddTHH:mm:ssZ}";

    static Payloads Texts(string text) => new() { Payloads_ = { new Payload { Data = Google.Protobuf.ByteString.CopyFromUtf8(text) } } };
}

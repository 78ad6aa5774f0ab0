using System.Text.Json;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Locks;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// How far a run has come: the workflow's own state, from which both the answer to <c>status</c> and the final record are made. It changes
/// only from workflow code, so replaying the history gives the same again.
/// </summary>
public sealed class RunProgress(BeginRequest request)
{
    readonly List<StepRecord> _steps = [];
    readonly List<ApprovalRecord> _approvals = [];
    readonly Dictionary<int, WaitView> _waits = [];
    readonly List<(string Id, LockRecord Lock)> _locks = [];
    readonly List<RunAction> _actions = [];

    /// <summary>Position of a target's record to that of its step.</summary>
    readonly Dictionary<int, int> _stepOfTarget = [];
    WaitView? _wait;

    public BeginResult? Begun { get; private set; }
    public RunStatus Status { get; private set; } = RunStatus.Running;
    public string? Reason { get; private set; }
    public string Phase { get; set; } = "begin";

    /// <summary>What the run as a whole waits for, else its only step that waits, else how many do.</summary>
    public WaitView? WaitingFor
    {
        get => _wait ?? (_waits.Count == 0 ? null : _waits.MinBy(w => w.Key).Value);
        set => _wait = value;
    }

    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>What one step, or one target of a step, waits for; null when it waits no more.</summary>
    public void Wait(int position, WaitView? view)
    {
        if (view is null)
            _waits.Remove(position);
        else
            _waits[position] = view;
    }

    /// <summary>Counts all questions of the run.</summary>
    public int QuestionCount => _approvals.Count;

    /// <summary>Questions that this step has asked before.</summary>
    public int QuestionsAt(int position) => _approvals.Count(a => a.Position == position);

    public ApprovalRecord? OpenApproval => _approvals.Find(a => a.Decision == ApprovalDecision.Waiting);

    /// <summary>All declared steps are visible from the beginning, the ones not reached as pending.</summary>
    public void Begin(BeginResult begun)
    {
        Begun = begun;
        _actions.AddRange(begun.Orders);
        if (begun.Job is null)
            return;
        foreach (var step in begun.Job.Steps)
        {
            var position = Add(step, StepPart.Main, step.Name);
            // A question that was answered then is asked again unless its evidence is the same; that is seen when its turn comes.
            if (begun.Earlier?.Steps.GetValueOrDefault(step.Name) is { } taken && !(step.Approval is not null && begun.Earlier.AsksAgain))
                Change(position, s => taken.Into(s, begun.Earlier.RunId, request.StartedAt));
        }
    }

    /// <summary>Undo and finally steps take their place when it is known that they run. Returns the position.</summary>
    public int Add(StepDefinition step, StepPart part, string name)
    {
        _steps.Add(new StepRecord { Position = _steps.Count + 1, Name = name, Kind = step.Kind, Part = part, Status = StepStatus.Pending });
        return _steps.Count;
    }

    /// <summary>A record for one target of a step; in the run's record it stands behind its step.</summary>
    public int AddTarget(int step, Target target)
    {
        var of = At(step);
        _steps.Add(new StepRecord
        {
            Position = _steps.Count + 1, Name = target.RecordName(of.Name), Kind = of.Kind, Part = of.Part, Status = StepStatus.Pending,
        });
        _stepOfTarget[_steps.Count] = step;
        if (Begun?.DoneTargets is { } done && done.Outputs.TryGetValue(target.RecordName(of.Name), out var outputs))
            Change(_steps.Count, s => s with { Status = StepStatus.Succeeded, Reason = $"done by run {done.RunId}", Outputs = outputs });
        return _steps.Count;
    }

    /// <summary>What the step gave so far, its targets together; nothing before it began.</summary>
    public IEnumerable<EvidencePart> EvidenceOf(string step)
    {
        if (_steps.Find(s => s.Name == step && s.Part == StepPart.Main) is not { Status: not StepStatus.Pending } record)
            yield break;
        if (record.Status != StepStatus.Running)
        {
            foreach (var part in ApprovalEvidence.OfStep(record, ApprovalEvidence.PrintedBy(record) ?? Begun?.Earlier?.Steps.GetValueOrDefault(step)?.Printed))
                yield return part;
        }

        if (_stepOfTarget.Where(t => t.Value == record.Position).Select(t => At(t.Key)).ToList() is { Count: > 0 } targets)
            yield return ApprovalEvidence.OfTargets(step, targets);
    }

    public int TargetCount => _stepOfTarget.Count;

    public StepRecord At(int position) => _steps[position - 1];

    public void Change(int position, Func<StepRecord, StepRecord> change) => _steps[position - 1] = change(_steps[position - 1]);

    public void AddAttempt(int position, AttemptRecord attempt) => Change(position, s => s with { Attempts = [.. s.Attempts, attempt] });

    public void Ask(ApprovalRecord approval) => _approvals.Add(approval);

    public void Answer(Func<ApprovalRecord, ApprovalRecord> answer)
    {
        var index = _approvals.FindIndex(a => a.Decision == ApprovalDecision.Waiting);
        if (index >= 0)
            _approvals[index] = answer(_approvals[index]);
    }

    /// <summary>The step's own record, also for one of its targets.</summary>
    public StepRecord StepOf(StepRecord record) => At(_stepOfTarget.GetValueOrDefault(record.Position, record.Position));

    public ApprovalRecord? ApprovalAt(int position) => _approvals.FindLast(a => a.Position == position);

    /// <summary>Returns the line for the audit.</summary>
    public AuditRecord Add(RunAction action)
    {
        _actions.Add(action);
        return AuditOf(request.RunId, action, _actions.Count);
    }

    /// <summary>The lines for the audit of everything that people did; the same again for the same run.</summary>
    public static IEnumerable<AuditRecord> AuditOf(RunRecord run) => run.Actions.Select((action, i) => AuditOf(run.RunId, action, i + 1));

    static AuditRecord AuditOf(string runId, RunAction action, int number) => new()
    {
        Id = $"run/{runId}/{number}",
        At = action.At,
        Who = action.By,
        Verified = action.Verified,
        Action = $"run-{action.Action.Replace(' ', '-')}",
        Subject = $"run:{runId}",
        Reason = action.Reason,
        DetailJson = (action.Step, action.Evidence) switch
        {
            (null, _) => "{}",
            (_, null) => JsonSerializer.Serialize(new { step = action.Step }),
            _ => JsonSerializer.Serialize(new { step = action.Step, evidence = action.Evidence }),
        },
    };

    public IEnumerable<LockRecord> Locks => _locks.Select(l => l.Lock);

    internal void NameLock(LockClaim claim) => _locks.Add((
        claim.Id,
        new LockRecord
        {
            Name = claim.Name,
            Step = claim.Step,
            Slots = claim.Definition.Limit == LockDefinition.Shared ? null : claim.Definition.Limit,
        }));

    public LockRecord LockOf(string id) => _locks[_locks.FindLastIndex(l => l.Id == id)].Lock;

    public void ChangeLock(string id, Func<LockRecord, LockRecord> change)
    {
        var index = _locks.FindLastIndex(l => l.Id == id);
        _locks[index] = (id, change(_locks[index].Lock));
    }

    /// <summary>The first end is the one that counts: what goes wrong while cleaning up is added to the reason.</summary>
    public void End(RunStatus status, string? reason)
    {
        if (Status == RunStatus.Running)
            (Status, Reason) = (status, reason);
        else if (reason is not null)
            Reason = Reason is null ? reason : $"{Reason} Also: {reason}";
    }

    /// <summary>The steps went well, and then something else did not.</summary>
    public void Reopen() => (Status, Reason) = (RunStatus.Running, null);

    public void SkipPending(string reason)
    {
        foreach (var step in _steps.Where(s => s.Status == StepStatus.Pending).ToList())
            Change(step.Position, s => s with { Status = StepStatus.Skipped, Reason = reason });
    }

    public RunRecord ToRecord(DateTimeOffset finishedAt) => new()
    {
        RunId = request.RunId,
        WorkflowId = request.WorkflowId,
        Job = request.Job,
        Installation = request.Memo.GetValueOrDefault(Maintenance.Schedules.RunMemo.Installation, "default"),
        ScheduleId = Begun?.ScheduleId,
        DueAt = Begun?.DueAt,
        Cause = Begun?.Cause ?? RunCause.Manual,
        Requester = Begun?.Requester,
        ParentRunId = request.ParentRunId,
        BundleHash = Begun?.BundleHash,
        GitCommit = Begun?.GitCommit,
        Status = Status,
        Reason = Reason,
        StartedAt = request.StartedAt,
        FinishedAt = finishedAt,
        HostId = Begun?.HostId,
        HostName = Begun?.HostName,
        InputJson = request.Input?.GetRawText() ?? "{}",
        Outputs = AllOutputs(),
        TimeZoneVersion = Begun?.TimeZoneVersion,
        Steps = OutputBudget.Apply([.. Arranged().Select((old, i) => At(old) with { Position = i + 1 })]),
        Locks = [.. Locks],
        Actions = [.. _actions],
        Approvals = [.. _approvals.Select(a => a with { Position = Arranged().IndexOf(a.Position) + 1 })],
    };

    /// <summary>The run's own outputs, as the job declares them.</summary>
    public IReadOnlyDictionary<string, string> DeclaredOutputs() =>
        Begun?.Job is { Outputs.Count: > 0 } job
            ? new RunFacts(request, Begun, _steps).Resolve(job.Outputs)
            : new Dictionary<string, string>();

    Dictionary<string, string> AllOutputs()
    {
        var outputs = DeclaredOutputs().ToDictionary();
        // Those of a target stand in its own record: a run over a fleet would have too many.
        foreach (var step in _steps.Where(s => s.Part == StepPart.Main && !_stepOfTarget.ContainsKey(s.Position)))
        {
            foreach (var (name, value) in step.Outputs)
                outputs[$"{step.Name}.{name}"] = value;
        }

        return outputs;
    }

    /// <summary>Positions in the order of the record: each step with its targets behind it.</summary>
    List<int> Arranged() =>
        [.. _steps.Select(s => s.Position).OrderBy(p => _stepOfTarget.GetValueOrDefault(p, p)).ThenBy(p => p)];

    public RunStatusView ToView() => new()
    {
        Job = request.Job,
        RunId = request.RunId,
        Status = Status,
        Phase = Phase,
        Reason = Reason,
        WaitingFor = WaitingFor,
        Question = OpenApproval is { } open ? QuestionView.Of(open, Begun?.Requester) : null,
        Waits = [.. _waits.OrderBy(wait => wait.Key).Select(wait => wait.Value)],
        Locks = [.. Locks],
        Actions = [.. _actions],
        Steps =
        [
            .. Arranged().Select(At).Select(s => new StepStatusView
            {
                Name = s.Name,
                Kind = s.Kind,
                Part = s.Part,
                Status = s.Status,
                Attempt = s.Status == StepStatus.Running ? s.Attempts.Count + 1 : s.Attempts.Count,
                Attempts = Begun?.Job?.Steps.FirstOrDefault(d => d.Name == StepOf(s).Name)?.Retry.Attempts ?? 1,
                StartedAt = s.StartedAt,
                FinishedAt = s.FinishedAt,
                Reason = s.Reason,
            }),
        ],
    };
}

using System.Text.Json;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// One run of one job. The workflow's type is the job's name, whatever it is, so that a name that is no job fails this run with a list
/// instead of waiting for a worker for ever. History is the journal: every attempt with its result stands in it; the database is written
/// once, at the end.
/// <para>begin → its locks → steps one by one → on failure undo in reverse → always finally → finish.</para>
/// </summary>
[Workflow(Dynamic = true)]
public sealed partial class JobRunWorkflow
{
    static readonly SearchAttributeKey<DateTimeOffset> _scheduledStart = SearchAttributeKey.CreateDateTimeOffset("TemporalScheduledStartTime");

    RunProgress? _progress;
    BeginRequest? _request;

    /// <summary>A verify step that failed and let the run go on: it is no green run for that.</summary>
    string? _unproven;

    RunProgress Progress => _progress ?? throw new InvalidOperationException("The run has not begun.");

    BeginRequest Request => _request ?? throw new InvalidOperationException("The run has not begun.");

    BeginResult Begun => Progress.Begun ?? throw new InvalidOperationException("The run has not begun.");

    [WorkflowRun]
    public async Task<RunSummary> RunAsync(IRawValue[] args)
    {
        _request = ReadStart(args);
        _progress = new RunProgress(_request);
        await BeginAsync();
        if (Progress.Status == RunStatus.Running)
            await TakeJobLocksAsync();
        if (Progress.Status == RunStatus.Running)
            await RunMainAsync();
        // Whoever is answering hears what became of it, and it stands in the record.
        await Workflow.WaitConditionAsync(() => _answering == 0, CancellationToken.None);
        // A database that is away must not keep them from others.
        var released = ReleaseAsync(_jobLocks);
        await FinishAsync();
        await released;
        await UntilAuditedAsync();
        return Close();
    }

    [WorkflowQuery("status")]
    public RunStatusView Status() => (_progress?.ToView() is { } view ? view with { Paused = _paused } : null)
        ?? new RunStatusView { Job = Workflow.Info.WorkflowType, RunId = Workflow.Info.FirstExecutionRunId, Status = RunStatus.Running, Phase = "begin" };

    static BeginRequest ReadStart(IRawValue[] args)
    {
        var info = Workflow.Info;
        var memo = new Dictionary<string, string>();
        foreach (var (name, value) in Workflow.Memo)
        {
            if (name.StartsWith("maintenance.", StringComparison.Ordinal) && TryRead<string>(value, out _) is { } text)
                memo[name] = text;
        }

        var problem = "";
        var input = args.Length > 0 ? TryRead<JsonElement?>(args[0], out problem) : null;
        return new BeginRequest
        {
            Job = info.WorkflowType,
            RunId = info.FirstExecutionRunId,
            WorkflowId = info.WorkflowId,
            StartedAt = new DateTimeOffset(info.StartTime.ToUniversalTime()),
            Input = input,
            InputProblem = problem.Length > 0 ? problem : null,
            DueAt = DueAt(),
            Memo = memo,
            ParentRunId = info.Parent?.RunId,
        };
    }

    /// <summary>What somebody sent may be anything; an exception here would keep the run open for ever instead of failing it.</summary>
    static T? TryRead<T>(IRawValue value, out string problem)
    {
        try
        {
            problem = "";
            return Workflow.PayloadConverter.ToValue<T>(value);
        }
        catch (Exception unreadable)
        {
            problem = unreadable.Message;
            return default;
        }
    }

    /// <summary>Set by the server on every start by a schedule.</summary>
    static DateTimeOffset? DueAt() =>
        Workflow.TypedSearchAttributes.TryGetValue(_scheduledStart, out var at) ? at.ToUniversalTime() : null;

    async Task BeginAsync()
    {
        var begun = await Workflow.ExecuteActivityAsync(
            (ControlActivities a) => a.BeginAsync(Request),
            new ActivityOptions
            {
                ActivityId = "begin",
                StartToCloseTimeout = TimeSpan.FromMinutes(1),
                RetryPolicy = RunPolicies.Infrastructure,
                // A cancelled run still has to say what it was; begin is short.
                CancellationToken = CancellationToken.None,
            });
        Progress.Begin(begun);
        foreach (var skip in begun.Orders.Where(o => o.Action == "skip"))
            _skips[skip.Step!] = skip;
        if (begun.Refusal is not null)
            Progress.End(RunStatus.Failed, begun.Refusal);
        else if (begun.Skip is not null)
            Progress.End(RunStatus.Skipped, begun.Skip);
        if (Progress.Status != RunStatus.Running)
            Progress.SkipPending("the run did not start");
    }

    async Task RunMainAsync()
    {
        Progress.Phase = "steps";
        for (var position = 1; position <= Begun.Job!.Steps.Count && Progress.Status == RunStatus.Running; position++)
        {
            if (Progress.At(position).Status != StepStatus.Pending)
                continue;
            var step = Begun.Job.Steps[position - 1];
            await RunStepAsync(step, position, Workflow.CancellationToken);
            Judge(step, Progress.At(position));
        }

        if (Progress.Status == RunStatus.Running)
            Progress.End(_unproven is null ? RunStatus.Succeeded : RunStatus.Failed, _unproven);
        Progress.SkipPending(Progress.Status == RunStatus.Cancelled ? "the run was cancelled" : "an earlier step failed");
        if (Progress.Status is RunStatus.Failed or RunStatus.TimedOut || (Progress.Status == RunStatus.Cancelled && _undoWhenCancelled))
            await UndoAsync();
        await RunFinallyAsync();
    }

    /// <summary>What a step's end means for the run.</summary>
    void Judge(StepDefinition step, StepRecord record)
    {
        if (Workflow.CancellationToken.IsCancellationRequested)
            Progress.End(
                RunStatus.Cancelled,
                $"The run was cancelled{(_cancelled is { } by ? $" by {by.By}{(by.Reason is { } why ? $" ({why})" : "")}" : "")}{(record.Status == StepStatus.Cancelled ? $" in step '{step.Name}'" : $" after step '{step.Name}'")}.");
        else if (_lostLock is { } lost)
            Progress.End(RunStatus.Failed, $"The run {lost}.");
        else if (step.Verify && _skips.TryGetValue(step.Name, out var skip) && record.Status == StepStatus.Skipped)
            _unproven ??= $"Step '{step.Name}', which verifies the result, was skipped by {skip.By}: {skip.Reason}.";
        else if (Green(record))
            return;
        else if (RunTimeLeft() <= TimeSpan.Zero)
            Progress.End(
                RunStatus.TimedOut, $"The run's time limit of {Durations.Format(Begun.Job!.Timeout)} was over in step '{step.Name}'.");
        else if (!step.ContinueOnFailure)
            Progress.End(RunStatus.Failed, $"Step '{step.Name}' {record.Reason}.");
        else if (step.Verify)
            _unproven ??= $"Step '{step.Name}', which verifies the result, {record.Reason}.";
    }

    static bool Green(StepRecord record) => record.Status is StepStatus.Succeeded or StepStatus.Skipped;

    async Task UndoAsync()
    {
        Progress.Phase = "undo";
        // Everything that began may have had effects, the failed step included.
        foreach (var record in Progress.Steps.Where(s => s.Part == StepPart.Main && (s.Attempts.Count > 0 || WasTaken(s))).Reverse().ToList())
        {
            var step = Begun.Job!.Steps.First(s => s.Name == Progress.StepOf(record).Name);
            if (UndoOf(step) is { } undo)
                await RunAfterwardsAsync(undo, StepPart.Undo, $"undo-{record.Name}", _targets.GetValueOrDefault(record.Position));
        }
    }

    /// <summary>What a retry took over had its effects too.</summary>
    bool WasTaken(StepRecord step) => step.Status == StepStatus.Succeeded && Begun.Earlier?.Steps.ContainsKey(step.Name) == true
        && Begun.Job!.Steps.First(s => s.Name == step.Name).ForEach is null;

    static StepDefinition? UndoOf(StepDefinition step) => step switch
    {
        { UndoStep: { } undo } => undo,
        { Undo: { } script, Run: { } run } => step with
        {
            Run = run with { Script = script, Text = null, Arguments = [] },
            Undo = null,
            Check = null,
            Restarts = null,
            IsReboot = false,
            When = null,
            Window = null,
            ForEach = null,
            Retry = new RetryPlan(),
            OnUnknown = step.Idempotent ? OnUnknown.Retry : OnUnknown.Fail,
        },
        _ => null,
    };

    async Task RunFinallyAsync()
    {
        Progress.Phase = "finally";
        foreach (var step in Begun.Job!.Finally)
            await RunAfterwardsAsync(step, StepPart.Finally, step.Name, null);
    }

    /// <summary>Cleaning up runs to its end, also in a cancelled run and after the run's time.</summary>
    async Task RunAfterwardsAsync(StepDefinition step, StepPart part, string name, Target? target)
    {
        var position = Progress.Add(step, part, name);
        await RunFrameAsync(new StepFrame(step, position, CancellationToken.None) { Target = target });
        var record = Progress.At(position);
        if (!Green(record) && !step.ContinueOnFailure)
            EndAfterwards($"The {(part == StepPart.Undo ? "undo" : "finally")} step '{name}' {record.Reason}.");
    }

    /// <summary>A run whose cleaning up failed is not a green one, even if its steps were.</summary>
    void EndAfterwards(string reason)
    {
        if (Progress.Status == RunStatus.Succeeded)
            Progress.Reopen();
        Progress.End(RunStatus.Failed, reason);
    }

    RunSummary Close()
    {
        var summary = new RunSummary(Progress.Status, Progress.Reason) { Outputs = Progress.DeclaredOutputs() };
        switch (Progress.Status)
        {
            case RunStatus.Succeeded or RunStatus.Skipped:
                return summary;
            case RunStatus.Cancelled:
                Workflow.CancellationToken.ThrowIfCancellationRequested();
                return summary;
            default:
                throw new ApplicationFailureException(
                    Progress.Reason ?? "The job failed.",
                    errorType: Begun.Refusal is not null ? "JobRefused" : Progress.Status == RunStatus.TimedOut ? "JobTimedOut" : "JobFailed",
                    nonRetryable: true);
        }
    }
}

/// <summary>What a closed run returns.</summary>
public sealed record RunSummary(RunStatus Status, string? Reason)
{
    /// <summary>As the job declares them; a <c>job</c> step of another run takes them over.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
}

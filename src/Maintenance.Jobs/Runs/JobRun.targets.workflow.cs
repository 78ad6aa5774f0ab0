using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// A step with <c>forEach</c>: each target has a record, attempts and an end of its own; the step's end is made of theirs.
/// </summary>
public sealed partial class JobRunWorkflow
{
    /// <summary>By the position of their records, for the undo of each.</summary>
    readonly Dictionary<int, Target> _targets = [];

    async Task<StepEnd> RunTargetsAsync(StepFrame frame, ForEachPlan plan)
    {
        var (targets, problem) = TargetsOf(plan);
        if (problem is not null)
            return new StepEnd(StepStatus.Failed, problem);
        if (Progress.TargetCount + targets.Count > ForEachPlan.TargetsMax)
            return new StepEnd(
                StepStatus.Failed,
                $"has {targets.Count} targets; the steps of a run may have {ForEachPlan.TargetsMax} together. Let a job for each part of "
                    + "them run by a 'job' step");
        var frames = targets.ToDictionary(t => t, t => frame with { Target = t, Position = Progress.AddTarget(frame.Position, t) });
        foreach (var (target, one) in frames)
            _targets[one.Position] = target;
        var left = targets.Where(t => Progress.At(frames[t].Position).Status == StepStatus.Pending).ToList();
        var schedule = new TargetSchedule(plan, left, Begun.Inventory.Quorums, targets.Count);
        var running = new List<Task<Target>>();
        while (!schedule.Finished && !frame.Cancellation.IsCancellationRequested)
        {
            if (schedule.BetweenWaves)
            {
                if (await BetweenWavesAsync(frame, plan, schedule) is { } end)
                {
                    Close(frame, schedule.Waiting.Select(t => frames[t]), "was not started: the step ended between two waves");
                    return end;
                }

                schedule.NextWave();
            }

            while (schedule.Next() is { } next)
                running.Add(RunTargetAsync(frames[next], next));
            Progress.Wait(
                frame.Position,
                new WaitView { Kind = "targets", Step = Progress.At(frame.Position).Name, Message = TextOf(schedule, left.Count) });
            var ended = await Workflow.WhenAnyAsync(running);
            running.Remove(ended);
            schedule.Ended(
                await ended, Progress.At(frames[await ended].Position) is { Status: StepStatus.Succeeded or StepStatus.Skipped });
        }

        await Workflow.WhenAllAsync(running);
        var why = schedule.OverBudget ? $"the failure budget of {plan.FailureBudget} was used up" : "the run was cancelled";
        Close(frame, schedule.Waiting.Select(t => frames[t]), $"was not started: {why}");
        return Sum(frame, [.. frames.Values.Select(f => Progress.At(f.Position))], plan);
    }

    (IReadOnlyList<Target> Targets, string? Problem) TargetsOf(ForEachPlan plan)
    {
        var facts = FactsOf(null);
        if (plan.Hosts is { } selection)
        {
            var hosts = HostChoice.Of(Begun.Inventory, selection, facts.Resolve);
            return HostChoice.Unknown(Begun.Inventory, selection, facts.Resolve) is { Count: > 0 } unknown
                ? ([], $"names hosts that are not in the inventory: {string.Join(", ", unknown)}")
                : hosts.Count == 0 ? ([], $"found no host for {selection}") : (Target.OfHosts(hosts), null);
        }

        var items = plan.Items is { } reference ? facts.ResolveList(reference) : [.. plan.List.Select(facts.Resolve)];
        return (Target.OfItems(items), null);
    }

    async Task<Target> RunTargetAsync(StepFrame frame, Target target)
    {
        await RunFrameAsync(frame);
        return target;
    }

    /// <summary>Null when the next wave may begin.</summary>
    async Task<StepEnd?> BetweenWavesAsync(StepFrame frame, ForEachPlan plan, TargetSchedule schedule)
    {
        if (plan.PauseBetween is { } pause)
        {
            var name = Progress.At(frame.Position).Name;
            Progress.Wait(
                frame.Position,
                new WaitView
                {
                    Kind = "wait", Step = name, Message = $"before wave {schedule.Wave + 1} of {schedule.Waves}", Until = Now() + pause,
                });
            if (pause >= RunTimeLeft())
                return new StepEnd(StepStatus.TimedOut, $"has no time left for wave {schedule.Wave + 1}");
            if (!await SleepAsync(pause, frame.Cancellation))
                return new StepEnd(StepStatus.Cancelled, "was cancelled between two waves");
        }

        if (plan.ApprovalBetween is not { } question)
            return null;
        var answer = await AskAsync(frame, question);
        return answer.Status == StepStatus.Succeeded ? null : answer;
    }

    /// <summary>What the targets' ends mean for the step; its outputs are the counts.</summary>
    StepEnd Sum(StepFrame frame, IReadOnlyList<StepRecord> targets, ForEachPlan plan)
    {
        var failed = targets.Where(t => t.Status is StepStatus.Failed or StepStatus.TimedOut or StepStatus.Unknown).ToList();
        var budget = plan.FailureBudget.BudgetOf(targets.Count);
        Progress.Change(frame.Position, s => s with { Outputs = Counts(targets, failed) });
        if (frame.Cancellation.IsCancellationRequested)
            return new StepEnd(StepStatus.Cancelled, "was cancelled");
        if (failed.Count == 0)
            return targets.Count == 0 ? new StepEnd(StepStatus.Succeeded, "has no targets") : StepEnd.Succeeded;
        var first = $"{failed[0].Name} {failed[0].Reason}";
        var says = $"failed for {failed.Count} of {targets.Count} targets";
        return failed.Count <= budget
            ? new StepEnd(StepStatus.Succeeded, $"{says}, within the budget of {plan.FailureBudget}: {first}")
            : new StepEnd(StepStatus.Failed, $"{says}: {first}");
    }

    static Dictionary<string, string> Counts(IReadOnlyList<StepRecord> targets, List<StepRecord> failed) => new()
    {
        ["targets"] = targets.Count.ToString(CultureInfo.InvariantCulture),
        ["succeeded"] = targets.Count(t => t.Status == StepStatus.Succeeded).ToString(CultureInfo.InvariantCulture),
        ["failed"] = failed.Count.ToString(CultureInfo.InvariantCulture),
        ["skipped"] = targets.Count(t => t.Status is StepStatus.Skipped or StepStatus.Cancelled).ToString(CultureInfo.InvariantCulture),
    };

    void Close(StepFrame frame, IEnumerable<StepFrame> targets, string reason)
    {
        var status = frame.Cancellation.IsCancellationRequested ? StepStatus.Cancelled : StepStatus.Skipped;
        foreach (var target in targets.ToList())
            Progress.Change(target.Position, s => s with { Status = status, Reason = reason });
    }

    static string TextOf(TargetSchedule schedule, int total) =>
        $"{schedule.Done} of {total} done, {schedule.Running} "
            + $"running{(schedule.Failed > 0 ? $", {schedule.Failed} failed" : "")}{(schedule.Waves > 1 ? $", wave {schedule.Wave} of {schedule.Waves}" : "")}";
}

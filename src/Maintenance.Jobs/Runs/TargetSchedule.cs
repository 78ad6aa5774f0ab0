using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// Which target of a step may start next: wave by wave, never more at once than allowed, never too many of a quorum group, and none any
/// more when the failure budget is used up. Pure, because the workflow replays it.
/// </summary>
public sealed class TargetSchedule
{
    readonly ForEachPlan _plan;
    readonly IReadOnlyList<QuorumGroup> _quorums;
    readonly List<Target> _waiting;
    readonly List<Target> _running = [];
    readonly List<int> _waveEnds = [];
    readonly int _total;
    int _done;

    /// <param name="plan">As declared.</param>
    /// <param name="targets">Those that are to run.</param>
    /// <param name="quorums">Of the inventory.</param>
    /// <param name="all">How many targets the step has, those included that an earlier run has done: shares are parts of these.</param>
    public TargetSchedule(ForEachPlan plan, IReadOnlyList<Target> targets, IReadOnlyList<QuorumGroup> quorums, int? all = null)
    {
        _plan = plan;
        _quorums = quorums;
        _waiting = [.. targets];
        _total = targets.Count;
        Budget = plan.FailureBudget.BudgetOf(all ?? _total);
        for (var end = 0; end < _total;)
        {
            var share = plan.Waves.Count == 0 ? null : plan.Waves[Math.Min(_waveEnds.Count, plan.Waves.Count - 1)];
            end = Math.Min(_total, end + (share?.WaveOf(all ?? _total) ?? _total));
            _waveEnds.Add(end);
        }
    }

    public int Budget { get; }

    public int Failed { get; private set; }

    /// <summary>Counts from 1.</summary>
    public int Wave { get; private set; } = 1;

    public int Waves => _waveEnds.Count;

    public int Running => _running.Count;

    public int Done => _done;

    public bool OverBudget => Failed > Budget;

    /// <summary>The wave has ended and there is another one; call <see cref="NextWave"/> when it may begin.</summary>
    public bool BetweenWaves => _running.Count == 0 && _waiting.Count > 0 && _done >= _waveEnds[Wave - 1] && !OverBudget;

    public bool Finished => _running.Count == 0 && (_waiting.Count == 0 || OverBudget);

    /// <summary>Those that never started.</summary>
    public IReadOnlyList<Target> Waiting => _waiting;

    /// <summary>Null when none may start before another one ends.</summary>
    public Target? Next()
    {
        if (OverBudget || _running.Count >= _plan.MaxParallel || _done + _running.Count >= _waveEnds[Wave - 1])
            return null;
        var next = _waiting.Find(MayBeDown);
        if (next is null)
            return null;
        _waiting.Remove(next);
        _running.Add(next);
        return next;
    }

    public void Ended(Target target, bool green)
    {
        _running.Remove(target);
        _done++;
        if (!green)
            Failed++;
    }

    public void NextWave() => Wave++;

    bool MayBeDown(Target target) => target.Host is not { } host || _quorums
        .Where(q => q.Hosts.Contains(host.Name))
        .All(q => _running.Count(r => r.Host is { } other && q.Hosts.Contains(other.Name)) < q.Down);
}

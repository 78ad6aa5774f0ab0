namespace Maintenance.Records;

/// <summary>Deletes what the policy lets go, in steps so small that no writer waits for one.</summary>
public sealed class RunRetention(IRunStore store, RetentionPolicy policy)
{
    /// <summary>A step takes milliseconds.</summary>
    const int RowsPerStep = 200;

    /// <summary>Until nothing is left to delete; returns how many runs, outputs and messages went.</summary>
    public async Task<PruneResult> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = 0L;
        foreach (var pruning in RunsToPrune(policy, now))
            runs += await RepeatAsync(() => store.PruneRunsAsync(pruning, RowsPerStep, cancellationToken));
        var outputs = await RepeatAsync(() => store.PruneOutputsAsync(now - policy.Output, RowsPerStep, cancellationToken));
        var messages = await RepeatAsync(() => store.PruneDeliveredAsync(now - policy.Delivered, RowsPerStep, cancellationToken));
        return new(runs, outputs, messages);
    }

    internal static IEnumerable<RunPruning> RunsToPrune(RetentionPolicy policy, DateTimeOffset now)
    {
        foreach (var (job, keep) in policy.Jobs)
        {
            yield return new() { Job = job, Succeeded = true, StartedBefore = now - keep.Succeeded };
            yield return new() { Job = job, Succeeded = false, StartedBefore = now - keep.Failed };
        }

        IReadOnlyList<string> others = [.. policy.Jobs.Keys];
        yield return new() { ExceptJobs = others, Succeeded = true, StartedBefore = now - policy.Runs.Succeeded };
        yield return new() { ExceptJobs = others, Succeeded = false, StartedBefore = now - policy.Runs.Failed };
    }

    static async Task<long> RepeatAsync(Func<Task<int>> step)
    {
        var total = 0L;
        while (await step() is var deleted and > 0)
            total += deleted;
        return total;
    }
}

public sealed record PruneResult(long Runs, long Outputs, long Messages);

namespace Maintenance.Records;

/// <summary>Deletes what the policy lets go, in steps so small that no writer waits for one.</summary>
/// <param name="pause">Between two steps, so that a long first pass leaves the database to others; none unless given.</param>
public sealed class RunRetention(IRunStore store, RetentionPolicy policy, TimeProvider? time = null, TimeSpan pause = default)
{
    /// <summary>A step takes milliseconds.</summary>
    const int RowsPerStep = 200;

    /// <summary>Until nothing is left to delete; returns how many runs, outputs and messages went.</summary>
    public async Task<PruneResult> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = 0L;
        foreach (var job in await store.ListRecordedJobsAsync(cancellationToken))
        {
            foreach (var pruning in RunsToPrune(policy, job, now))
                runs += await RepeatAsync(() => store.PruneRunsAsync(pruning, RowsPerStep, cancellationToken), cancellationToken);
        }

        var outputs = await RepeatAsync(
            () => store.PruneOutputsAsync(now - policy.Output, RowsPerStep, cancellationToken), cancellationToken);
        var messages = await RepeatAsync(
            () => store.PruneDeliveredAsync(now - policy.Delivered, RowsPerStep, cancellationToken), cancellationToken);
        return new(runs, outputs, messages);
    }

    internal static IEnumerable<RunPruning> RunsToPrune(RetentionPolicy policy, string job, DateTimeOffset now)
    {
        var keep = policy.Jobs.GetValueOrDefault(job, policy.Runs);
        yield return new() { Job = job, Succeeded = true, StartedBefore = now - keep.Succeeded, At = now };
        yield return new() { Job = job, Succeeded = false, StartedBefore = now - keep.Failed, At = now };
    }

    async Task<long> RepeatAsync(Func<Task<int>> step, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (await step() is var deleted and > 0)
        {
            total += deleted;
            // A step that was not full was the last one.
            if (deleted < RowsPerStep)
                break;
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time ?? TimeProvider.System, cancellationToken);
        }

        return total;
    }
}

public sealed record PruneResult(long Runs, long Outputs, long Messages);

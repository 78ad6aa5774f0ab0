using System.Diagnostics;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Maintenance.Benchmarks;

/// <summary>The questions that are asked of a running product.</summary>
sealed class Phases(Product product)
{
    const string Queue = "maintenance";

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(2);

    /// <summary>One run at a time: when does its script start, when is it durably recorded as ended, what did it cost.</summary>
    public async Task<Latency> LatencyAsync(string job, int runs)
    {
        await RunToRecordAsync(job);
        var called = new List<double>();
        var started = new List<double>();
        var recorded = new List<double>();
        var processor = ProcessUse.ProcessorMs(product.Pid);
        var own = ProcessUse.OwnProcessorMs(product.Pid);
        for (var i = 0; i < runs; i++)
        {
            product.ClearStarts(job);
            var wall = NowMs();
            var (call, record) = await RunToRecordAsync(job);
            called.Add(call);
            recorded.Add(record);
            started.Add(product.Starts(job)[0] - wall);
        }

        return new(
            Summary.Of(called), Summary.Of(started), Summary.Of(recorded),
            (ProcessUse.ProcessorMs(product.Pid) - processor) / runs, (ProcessUse.OwnProcessorMs(product.Pid) - own) / runs);
    }

    /// <summary>As many as the product takes from 16 callers, until all are recorded.</summary>
    public async Task<Burst> BurstAsync(string job, int runs)
    {
        var refused = 0;
        var ids = new System.Collections.Concurrent.ConcurrentBag<string>();
        var processor = ProcessUse.ProcessorMs(product.Pid);
        var begin = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, runs), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            try
            {
                var handle = await product.Client.StartWorkflowAsync(job, [], new($"{job}-{Guid.NewGuid():N}", Queue));
                ids.Add(handle.ResultRunId!);
            }
            catch (Temporalio.Exceptions.RpcException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        foreach (var id in ids)
            await RecordedAsync(id);
        var took = Stopwatch.GetElapsedTime(begin);
        return new(runs / took.TotalSeconds, refused, (ProcessUse.ProcessorMs(product.Pid) - processor) / runs);
    }

    /// <summary>What a further step costs a process that is warm: the difference of two bursts.</summary>
    public async Task<double> ProcessorMsPerFurtherStepAsync(int runs)
    {
        await BurstAsync("steps3", runs);
        var (one, three) = (await BurstAsync("burst", runs), await BurstAsync("steps3", runs));
        return (three.ProcessorMsPerRun - one.ProcessorMsPerRun) / 2;
    }

    /// <summary>Many schedules due in one second: how late do their scripts start.</summary>
    public async Task<Summary> LatenessAsync(int schedules)
    {
        product.ClearStarts("late");
        var due = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 8 + schedules / 100);
        var handles = new System.Collections.Concurrent.ConcurrentBag<ScheduleHandle>();
        await Parallel.ForEachAsync(Enumerable.Range(0, schedules), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
            handles.Add(await product.Client.CreateScheduleAsync($"late-{n}-{Guid.NewGuid():N}", new(
                ScheduleActionStartWorkflow.Create("late", [], new($"late-{n}-{Guid.NewGuid():N}", Queue)),
                new() { Calendars = [At(due)] }))));
        if (DateTimeOffset.UtcNow > due)
            throw new InvalidOperationException("the schedules were created too slowly to be due together");

        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var limit = due.AddMinutes(3);
        while (product.Starts("late").Count < schedules && DateTimeOffset.UtcNow < limit)
            await pause.WaitForNextTickAsync();
        var starts = product.Starts("late");
        await Parallel.ForEachAsync(handles, async (handle, _) => await handle.DeleteAsync());
        return starts.Count == schedules
            ? Summary.Of(starts.Select(start => start - due.ToUnixTimeMilliseconds()))
            : throw new InvalidOperationException($"only {starts.Count} of {schedules} scripts started");
    }

    /// <summary>Schedules that are not due: memory and processor share.</summary>
    public async Task<Idle> IdleAsync(int schedules, TimeSpan time)
    {
        var handles = new List<ScheduleHandle>();
        for (var n = 0; n < schedules; n++)
        {
            handles.Add(await product.Client.CreateScheduleAsync($"idle-{n}", new(
                ScheduleActionStartWorkflow.Create("probe", [], new($"idle-{n}", Queue)), new() { CronExpressions = ["0 0 1 1 *"] })));
        }

        using var pause = new PeriodicTimer(time);
        var before = ProcessUse.ProcessorMs(product.Pid);
        await pause.WaitForNextTickAsync();
        var share = (ProcessUse.ProcessorMs(product.Pid) - before) / time.TotalMilliseconds;
        var memory = ProcessUse.ResidentMb(product.Pid);
        foreach (var handle in handles)
            await handle.DeleteAsync();
        return new(memory, share * 100);
    }

    async Task<(double CallMs, double RecordMs)> RunToRecordAsync(string job)
    {
        var begin = Stopwatch.GetTimestamp();
        var handle = await product.Client.StartWorkflowAsync(job, [], new($"{job}-{Guid.NewGuid():N}", Queue));
        var called = Stopwatch.GetElapsedTime(begin);
        await RecordedAsync(handle.ResultRunId!);
        return (called.TotalMilliseconds, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
    }

    async Task RecordedAsync(string runId)
    {
        using var pause = new PeriodicTimer(LookEvery);
        while (true)
        {
            if (await product.Store.GetRunAsync(runId, CancellationToken.None) is { Status: not RunStatus.Running } run)
            {
                if (run.Status != RunStatus.Succeeded)
                    throw new InvalidOperationException($"run {runId} {run.Status}: {run.Reason}");
                return;
            }

            await pause.WaitForNextTickAsync();
        }
    }

    static ScheduleCalendarSpec At(DateTimeOffset time) => new()
    {
        Second = [new(time.Second)], Minute = [new(time.Minute)], Hour = [new(time.Hour)],
        DayOfMonth = [new(time.Day)], Month = [new(time.Month)], Year = [new(time.Year)],
    };

    static double NowMs() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}

sealed record Latency(Summary Called, Summary ScriptStarted, Summary Recorded, double ProcessorMsPerRun, double OwnProcessorMsPerRun);

sealed record Burst(double RunsPerSecond, int Refused, double ProcessorMsPerRun);

sealed record Idle(double ResidentMb, double ProcessorPercent);

using System.Diagnostics;
using Maintenance.Benchmarks;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporal.Engine.Benchmarks;

/// <summary>Steps per second, and what each costs; how fast a signal reaches its workflow.</summary>
sealed class Throughput(MeasuredServer server, TemporalClient client, Floor floor)
{
    public async Task StepsAsync(int concurrency, int stepsEach)
    {
        var queue = $"steps-{Guid.NewGuid():N}";
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue)
        {
            MaxConcurrentActivities = 512,
            MaxConcurrentWorkflowTasks = 512,
        }.AddWorkflow<StepsWorkflow>().AddActivity(Steps.NoOp));
        await worker.ExecuteAsync(async () =>
        {
            await RunAsync(queue, concurrency, Math.Max(1, stepsEach / 5));
            var (commits, engine, own) = (server.IsOurs ? server.Commits : 0, server.ProcessorMs, OwnProcessorMs());
            var started = Stopwatch.GetTimestamp();
            await RunAsync(queue, concurrency, stepsEach);
            var took = Stopwatch.GetElapsedTime(started);
            var steps = (double)concurrency * stepsEach;
            var rate = steps / took.TotalSeconds;
            Say($"steps at concurrency {concurrency}", $"{rate:0} steps/s");
            if (!server.IsOurs)
                return;
            var commitsPerStep = (server.Commits - commits) / steps;
            // A step is four calls of the worker: two polls and two answers, of which a poll waits while the answer before it is worked on.
            var floorRate = 1_000 / ((commitsPerStep * floor.Fsync.P50) + (4 * floor.EmptyRpc.P50));
            Say("  commits per step", $"{commitsPerStep:0.00}, each with one fsync");
            Say("  processor per step", $"engine {(server.ProcessorMs - engine) / steps:0.00} ms, worker and client {(OwnProcessorMs() - own) / steps:0.00} ms");
            if (concurrency == 1)
                Say("  of the floor 1/(commits·fsync + 4 RPCs)", $"{rate / floorRate:0.00}");
        });
    }

    async Task RunAsync(string queue, int concurrency, int steps) =>
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => client.ExecuteWorkflowAsync(
            (StepsWorkflow workflow) => workflow.RunAsync(steps), new($"steps-{Guid.NewGuid():N}", queue))));

    public async Task SignalsAsync(int count)
    {
        var queue = $"signals-{Guid.NewGuid():N}";
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue).AddWorkflow<WaitingWorkflow>());
        await worker.ExecuteAsync(async () =>
        {
            var handle = await client.StartWorkflowAsync((WaitingWorkflow workflow) => workflow.RunAsync(), new($"signals-{Guid.NewGuid():N}", queue));
            var times = new List<double>();
            for (var number = -20; number < count; number++)
            {
                var name = $"{handle.Id}-{number}";
                var sent = Stopwatch.GetTimestamp();
                await handle.SignalAsync(workflow => workflow.GoAsync(name));
                var arrived = await Arrivals.WhenAsync(name);
                if (number >= 0)
                    times.Add(Stopwatch.GetElapsedTime(sent, arrived).TotalMilliseconds);
            }

            await handle.SignalAsync(workflow => workflow.GoAsync("end"));
            Say("signal to reaction in workflow code", Summary.Of(times));
        });
    }

    static double OwnProcessorMs() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

    static void Say(string what, object value) => Console.WriteLine($"{what}: {value}");
}

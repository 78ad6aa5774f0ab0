using System.Diagnostics;
using System.Globalization;
using Temporal.Engine;
using Temporalio.Activities;
using Temporalio.Benchmarks;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Worker;

// Measures the worker side: how fast a history is replayed, and what a workflow costs that waits in the worker's cache.
//   Temporalio.Benchmarks [--address HOST:PORT]     against a server that runs; without it an embedded engine in a process of its own
const int StepsPerHistory = 1_000;
const int Replays = 20;
const int Cached = 5_000;
const int Callers = 32;

if (args is ["engine", var folder])
    return await ServeAsync(folder);

using var engine = args is ["--address", _] ? null : StartEngine();
try
{
    var address = engine is null ? args[1] : (await engine.StandardOutput.ReadLineAsync())!;
    var client = await TemporalClient.ConnectAsync(new(address));
    await MeasureReplayAsync(client);
    await MeasureCacheAsync(client);
    return 0;
}
finally
{
    // Closing its input ends it.
    engine?.StandardInput.Close();
    engine?.WaitForExit();
}

static async Task<int> ServeAsync(string folder)
{
    await using var served = await TemporalEngine.StartAsync(new() { DataDirectory = folder }, CancellationToken.None);
    Console.WriteLine(served.Address);
    await Console.In.ReadToEndAsync();
    return 0;
}

static Process StartEngine()
{
    var folder = Directory.CreateTempSubdirectory("worker-benchmark-").FullName;
    return Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["engine", folder])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
    })!;
}

static async Task MeasureReplayAsync(TemporalClient client)
{
    var options = Options("replay");
    WorkflowHistory history = null!;
    using (var worker = new TemporalWorker(client, options))
    {
        await worker.ExecuteAsync(async () =>
        {
            var handle = await client.StartWorkflowAsync("steps", [StepsPerHistory], new(id: $"steps-{Guid.NewGuid()}", taskQueue: options.TaskQueue!));
            await handle.GetResultAsync<int>();
            history = await handle.FetchHistoryAsync();
        });
    }

    var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Steps>());
    var events = history.Events.Count;
    var fastest = 0d;
    for (var i = 0; i < Replays; i++)
    {
        var began = Stopwatch.GetTimestamp();
        await replayer.ReplayWorkflowAsync(history);
        fastest = Math.Max(fastest, events / Stopwatch.GetElapsedTime(began).TotalSeconds);
        if (i == 0)
            Say($"replay, first of the process: {fastest:0} events/s");
    }

    Say($"replay of {events} events, best of {Replays}: {fastest:0} events/s");
}

static async Task MeasureCacheAsync(TemporalClient client)
{
    var options = Options("cache");
    options.MaxCachedWorkflows = 2 * Cached;
    using var worker = new TemporalWorker(client, options);
    await worker.ExecuteAsync(async () =>
    {
        await StartManyAsync(client, options.TaskQueue!, 200);
        var (heap, resident) = (Heap(), Environment.WorkingSet);
        await StartManyAsync(client, options.TaskQueue!, Cached);
        Say($"cached small workflow, heap: {(Heap() - heap) / (double)Cached / 1024:0.0} KiB");
        Say($"cached small workflow, resident: {(Environment.WorkingSet - resident) / (double)Cached / 1024:0.0} KiB");
    });
}

// Until all of them wait for a person.
static async Task StartManyAsync(TemporalClient client, string taskQueue, int count)
{
    var prefix = $"waits-{Guid.NewGuid():N}";
    await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
    {
        var handle = await client.StartWorkflowAsync("waits", [], new(id: $"{prefix}-{i}", taskQueue: taskQueue));
        while ((await handle.DescribeAsync()).HistoryLength < WaitingLength)
            await Task.Delay(TimeSpan.FromMilliseconds(5), _);
    });
}

static long Heap()
{
    GC.Collect();
    GC.WaitForPendingFinalizers();
    return GC.GetTotalMemory(forceFullCollection: true);
}

static TemporalWorkerOptions Options(string name) => new TemporalWorkerOptions($"{name}-{Guid.NewGuid():N}")
    .AddWorkflow<Steps>()
    .AddWorkflow<Waits>()
    .AddActivity(Activities.Step);

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

static class Activities
{
    [Activity("step")]
    public static int Step(int number) => number;
}

partial class Program
{
    /// <summary>Started, task (three events), activity (three), task again (three): then it waits.</summary>
    const int WaitingLength = 10;
}

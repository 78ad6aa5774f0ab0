// Measures a Temporal server by what clients and workers see, with the floors of the same machine in the same minute.
// usage: benchmarks/engine [--address HOST:PORT] [steps signals schedules history waiting list]
// Without an address: an engine of our own in a process of its own, of which processor time, memory and commits are measured too.
using Maintenance.Benchmarks;
using Temporal.Engine.Benchmarks;

var address = args is ["--address", var given, ..] ? given : null;
var asked = args.Skip(address is null ? 0 : 2).ToArray();
if (asked.Length == 0)
    asked = address is null ? ["steps", "signals", "schedules", "history", "waiting", "list"] : ["steps", "signals", "schedules", "history"];
var program = Environment.GetEnvironmentVariable("BENCHMARK_PROGRAM");
if (address is null && program is null)
    throw new InvalidOperationException("start this with benchmarks/engine, which publishes the program first, or give --address");

foreach (var phase in asked)
{
    // Each on an engine of its own: what one leaves behind must not weigh on the next.
    await using var server = await MeasuredServer.StartAsync(address, program);
    var client = await server.ConnectAsync();
    var floor = await Floor.MeasureAsync(server.Folder, client.Connection);
    Console.WriteLine($"--- {phase}: load average {File.ReadAllText("/proc/loadavg").Trim()}; fsync of 4 KiB {floor.Fsync}; empty RPC {floor.EmptyRpc}; spawn {floor.Spawn}");
    await MeasureAsync(phase, new(server, client, floor), new(server, client));
}

static async Task MeasureAsync(string phase, Throughput throughput, Crowds crowds)
{
    switch (phase)
    {
        case "steps":
            // The crowd first: a process compiles its code while it is new.
            await throughput.StepsAsync(concurrency: 256, stepsEach: 40);
            await throughput.StepsAsync(concurrency: 16, stepsEach: 200);
            await throughput.StepsAsync(concurrency: 1, stepsEach: 1_000);
            break;
        case "signals":
            await throughput.SignalsAsync(500);
            break;
        case "schedules":
            await crowds.SchedulesTogetherAsync(1_000);
            break;
        case "history":
            await crowds.HistoryPagesAsync(10_000);
            break;
        case "waiting":
            await crowds.WaitingAsync(10_000);
            break;
        case "list":
            await crowds.ListAsync(1_000_000);
            break;
        default:
            throw new ArgumentException($"there is no phase '{phase}'");
    }
}

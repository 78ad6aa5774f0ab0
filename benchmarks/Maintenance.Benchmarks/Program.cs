// Measures the published program from outside, with the floors of the same machine in the same minute.
// usage: benchmarks/run [ready latency steps burst further late50 late1000 idle schedules]
using Maintenance.Benchmarks;

var program = Environment.GetEnvironmentVariable("BENCHMARK_PROGRAM")
    ?? throw new InvalidOperationException("start this with benchmarks/run, which publishes the program first");
var asked = args.Length > 0 ? args : ["ready", "latency", "steps", "burst", "further", "late50", "late1000", "idle"];

await using var product = await Product.StartAsync(program);
var floor = await Floor.MeasureAsync(product.Folder, product.Client.Connection);
var phases = new Phases(product);
Say("load average", File.ReadAllText("/proc/loadavg").Trim());
Say("floor: fsync of 4 KiB", floor.Fsync);
Say("floor: spawn of /bin/sh", floor.Spawn);
Say("floor: empty RPC over TCP", floor.EmptyRpc);

foreach (var phase in asked)
    await MeasureAsync(phase);

async Task MeasureAsync(string phase)
{
    switch (phase)
    {
        case "ready":
            Say("ready after start", $"{product.ReadyAfter.TotalMilliseconds:0} ms");
            break;
        case "latency":
            Say("one step", await phases.LatencyAsync("probe", runs: 30));
            break;
        case "steps":
            Say("three steps", await phases.LatencyAsync("steps3", runs: 20));
            break;
        case "burst":
            Say("200 triggers at once", await phases.BurstAsync("burst", 200));
            break;
        case "further":
            Say("processor time of a further step, in bursts of 100", $"{await phases.ProcessorMsPerFurtherStepAsync(100):0.0} ms");
            break;
        case "late50":
            Say("50 schedules due together", await phases.LatenessAsync(50));
            break;
        case "late1000":
            Say("1,000 schedules due together", await phases.LatenessAsync(1_000));
            break;
        case "idle":
            Say("idle with 100 schedules", await phases.IdleAsync(100, TimeSpan.FromSeconds(30)));
            break;
        case "schedules":
            var fleet = new Fleet(product, program, 10_000);
            Say("10,000 schedules: apply, create all", await fleet.RunAsync("apply"));
            Say("10,000 schedules: apply, no change", await fleet.RunAsync("apply"));
            Say("10,000 schedules: plan, no change", await fleet.RunAsync("plan"));
            Say("10,000 schedules: plan --drift", await fleet.RunAsync("plan", "--drift"));
            Say("10,000 schedules: apply again, no change", await fleet.RunAsync("apply"));
            Say("load average", File.ReadAllText("/proc/loadavg").Trim());
            break;
        default:
            throw new ArgumentException($"there is no phase '{phase}'");
    }
}

static void Say(string what, object value) => Console.WriteLine($"{what}: {value}");

using System.Diagnostics;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Not a check but a measurement, run on demand.</summary>
public sealed class AttemptCostTests : IDisposable
{
    readonly AttemptFixture _it = new();

    [Fact(Explicit = true)]
    public async Task Processor_time_of_an_attempt()
    {
        const int attempts = 200;
        var worker = _it.NewWorker();
        for (var i = 1; i <= 50; i++)
            await worker.Open(_it.Key(1, $"warm{i}"), _it.Script("exit 0"), null).Completion;

        var (cpu, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        for (var i = 1; i <= attempts; i++)
            await worker.Open(_it.Key(1, $"step{i}"), _it.Script("exit 0"), null).Completion;

        var own = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{own.TotalMilliseconds / attempts:0.0} ms of this process and {watch.Elapsed.TotalMilliseconds / attempts:0.0} ms of the clock an attempt");
    }

    public void Dispose() => _it.Dispose();
}

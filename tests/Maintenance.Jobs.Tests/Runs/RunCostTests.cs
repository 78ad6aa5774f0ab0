using System.Diagnostics;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Not a check but a measurement, run on demand: where the processor time of a one-step run goes.</summary>
public sealed class RunCostTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact(Explicit = true)]
    public async Task Processor_time_of_one_step_runs()
    {
        const int runs = 100;
        await it.PublishAsync("cost", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));
        for (var i = 0; i < 30; i++)
            await (await it.StartPublishedAsync("cost", null)).GetResultAsync();

        var (cpu, watch) = (Cpu(), Stopwatch.StartNew());
        for (var i = 0; i < runs; i++)
            await (await it.StartPublishedAsync("cost", null)).GetResultAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(Cpu() - cpu).TotalMilliseconds / runs:0.0} ms of this process and {watch.Elapsed.TotalMilliseconds / runs:0.0} ms of the clock a run");
    }

    static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}

using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>kill -9 of a worker process at moments around the start of a script: it runs exactly once, and its end is known.</summary>
public sealed class WorkerKillTests : IDisposable
{
    readonly AttemptFixture _it = new();

    public static TheoryData<int> Milliseconds => [0, 1, 2, 4, 6, 8, 11, 15, 20, 30, 50, 200];

    [Theory]
    [MemberData(nameof(Milliseconds))]
    public async Task A_script_whose_worker_is_killed_runs_once_and_its_end_is_known(int afterMilliseconds)
    {
        var request = _it.Script(
            $"echo started >>{_it.Scratch("count")}; until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done; echo done; exit 4");
        var root = Path.Combine(_it.Root, "attempts");
        Directory.CreateDirectory(root);

        using var worker = await WorkerStandIn.StartAsync(root, _it.Key(), request, _it.Scratch("ready"));
        // The moment is the subject of the test.
        await Task.Delay(afterMilliseconds);
        worker.Kill();
        await worker.WaitForExitAsync();
        var live = _it.NewWorker().Open(_it.Key(), request, [2]);
        File.WriteAllText(_it.Scratch("go"), "");
        var result = await live.Completion;

        Assert.Equal(new AttemptOutcome.Exited(4), result.Outcome);
        Assert.Equal("done\n", result.Output);
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    public void Dispose() => _it.Dispose();
}

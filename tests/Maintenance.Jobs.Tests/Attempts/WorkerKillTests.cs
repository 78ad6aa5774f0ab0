using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>kill -9 of a worker process at moments around the start of a script: it runs exactly once, and its end is known.</summary>
public sealed class WorkerKillTests : IDisposable
{
    readonly AttemptFixture _it = new();

    /// <summary>A start makes about ten changes to the attempt's folder; a moment that does not come is the one when the script runs.</summary>
    public static TheoryData<int> Changes => [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, int.MaxValue];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_script_whose_worker_is_killed_runs_once_and_its_end_is_known(int afterChanges)
    {
        var count = _it.Scratch("count");
        var request = _it.Script($"echo started >>{count}; until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done; echo done; exit 4");
        var root = Path.Combine(_it.Root, "attempts");
        Directory.CreateDirectory(root);
        using var changes = new FileSystemWatcher(root) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        var seen = 0;
        var moment = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note()
        {
            if (Interlocked.Increment(ref seen) >= afterChanges)
                moment.TrySetResult();
        }

        changes.Created += (_, _) => Note();
        changes.Changed += (_, _) => Note();
        changes.Renamed += (_, _) => Note();

        using var worker = await WorkerStandIn.StartAsync(root, _it.Key(), request, _it.Scratch("ready"));
        if (afterChanges > 0)
            await Task.WhenAny(moment.Task, Eventually.IsTrue(() => File.Exists(count), "the script to run"));
        worker.Kill();
        await worker.WaitForExitAsync();
        var live = _it.NewWorker().Open(_it.Key(), request, [2]);
        File.WriteAllText(_it.Scratch("go"), "");
        var result = await live.Completion;

        Assert.Equal(new AttemptOutcome.Exited(4), result.Outcome);
        Assert.Equal("done\n", result.Output);
        Assert.Equal("started\n", File.ReadAllText(count));
    }

    public void Dispose() => _it.Dispose();
}

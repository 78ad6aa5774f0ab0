using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Scripts that make as much trouble as they can: the step ends soon after its script, and the worker stays small.</summary>
public sealed class HardScriptTests : IDisposable
{
    static readonly TimeSpan _soon = TimeSpan.FromSeconds(2);

    readonly AttemptFixture _it = new();

    [Fact]
    public async Task Two_hundred_children_end_with_it() => await ChildrenAsync(200);

    [Fact, Trait("Category", "Long")]
    public async Task A_thousand_children_end_with_it() => await ChildrenAsync(1_000);

    /// <summary>Each process starts the next one in a session of its own and leaves: whoever looks finds a new one. Bounded in number.</summary>
    [Fact]
    public async Task A_chain_that_forks_on_and_on_is_caught()
    {
        var chain = _it.Scratch("chain");
        await File.WriteAllTextAsync(chain, "[ $1 -gt 0 ] || exit 0\nsleep 0.01\nsetsid sh \"$0\" $(($1 - 1)) &\n");

        var result = await _it.RunAsync(_it.Script($"for i in 1 2 3 4 5; do setsid sh {chain} 3000 & done; sleep 0.2; exit 3"));

        Assert.Equal(new AttemptOutcome.Exited(3), result.Outcome);
        Assert.Empty(Survivors());
        // That nothing comes back shows only over a time: too short a one would miss it, and never fail without a reason.
        await Task.Delay(200);
        Assert.Empty(Survivors());
    }

    [Fact]
    public async Task A_bounded_fork_bomb_is_ended_by_the_time_limit()
    {
        var bomb = _it.Scratch("bomb");
        await File.WriteAllTextAsync(bomb, "[ $1 -gt 0 ] || exec sleep 300\nsh \"$0\" $(($1 - 1)) &\nsh \"$0\" $(($1 - 1)) &\nwait\n");

        var result = await _it.RunAsync(
            _it.Script($"trap '' TERM; sh {bomb} 7", timeout: TimeSpan.FromSeconds(1), grace: TimeSpan.FromSeconds(0.2)));

        Assert.IsType<AttemptOutcome.TimedOut>(result.Outcome);
        Assert.Empty(Survivors());
    }

    [Fact]
    public async Task A_quarter_of_a_GiB_without_a_newline_costs_the_worker_little() => await WriteAsync(256L << 20);

    [Fact, Trait("Category", "Long")]
    public async Task A_GiB_without_a_newline_costs_the_worker_little() => await WriteAsync(1L << 30);

    [Fact]
    public async Task Closed_streams_hold_nothing_up()
    {
        var result = await _it.RunAsync(_it.Script("exec <&- >&- 2>&-; (sleep 300 &) ; exit 6"));

        Assert.Equal(new AttemptOutcome.Exited(6), result.Outcome);
        Assert.Empty(Survivors());
    }

    async Task ChildrenAsync(int count)
    {
        var script = $"i=0; while [ $i -lt {count} ]; do sleep 300 & i=$((i+1)); done; date +%s.%N >{_it.Scratch("ended")}; exit 2";

        var result = await _it.RunAsync(_it.Script(script, timeout: TimeSpan.FromMinutes(2)));
        var took = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(
            (long)(double.Parse(await File.ReadAllTextAsync(_it.Scratch("ended")), System.Globalization.CultureInfo.InvariantCulture) * 1000));

        Assert.Equal(new AttemptOutcome.Exited(2), result.Outcome);
        Assert.Empty(Survivors());
        // On a machine that has nothing else to do it is a tenth of this.
        Assert.InRange(took, TimeSpan.Zero, _soon * 5);
    }

    /// <summary>In a worker process of its own, because the other tests need memory too.</summary>
    async Task WriteAsync(long bytes)
    {
        var root = Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName;
        var request = _it.Script($"until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done; head -c {bytes} /dev/zero");
        using var worker = await WorkerStandIn.StartAsync(root, _it.Key(), request, _it.Scratch("ready"));
        await _it.SupervisorOf(_it.Key());
        var before = MostMemory(worker.Id);

        await File.WriteAllTextAsync(_it.Scratch("go"), "");
        await Eventually.IsTrue(() => File.Exists(_it.Folder(_it.Key()).ResultFile), "the result");
        var result = _it.Folder(_it.Key()).ReadResult()!;

        Assert.Equal(bytes, result.OutputBytes);
        Assert.InRange(result.Output.Length, 1024 * 1024, (1024 * 1024) + 200);
        Assert.InRange(MostMemory(worker.Id) - before, 0, 64L << 20);
        worker.Kill();
    }

    static long MostMemory(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10;
    }

    IReadOnlyList<ProcessIdentity> Survivors() =>
        [.. new[] { 1, 2 }.SelectMany(n => ProcessTable.Belonging(new ProcessIdentity(-1, 0), _it.Key(n).FolderName, trustNumbers: false).Processes)];

    public void Dispose() => _it.Dispose();
}

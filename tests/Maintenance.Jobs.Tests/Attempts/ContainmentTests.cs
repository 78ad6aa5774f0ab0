using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Nothing that a step started survives its end, and nothing of it holds the step up.</summary>
public sealed class ContainmentTests : IDisposable
{
    const string Cgroups = "/sys/fs/cgroup/unified";
    static readonly TimeSpan _prompt = TimeSpan.FromSeconds(10);

    readonly AttemptFixture _it = new();

    public static TheoryData<string> Escapes => new()
    {
        "sleep 300 &",
        "(sleep 300 &) &",
        "setsid sleep 300 &",
        "nohup setsid sleep 300 >/dev/null 2>&1 &",
        "setsid sh -c '(sleep 300 &)' ",
        "sh -c 'trap \"\" TERM HUP; sleep 300' &",
        "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 300 & done",
    };

    [Theory]
    [MemberData(nameof(Escapes))]
    public async Task A_child_that_stays_behind_is_ended_with_the_script(string escape)
    {
        var result = await _it.RunAsync(_it.Script($"{escape}\necho done")).WaitAsync(_prompt);

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Equal("done\n", result.Output);
        Assert.Empty(Survivors());
        Assert.Equal("session", result.Containment);
    }

    [Fact]
    public async Task A_daemon_that_holds_the_output_does_not_hold_the_step()
    {
        var result = await _it.RunAsync(_it.Script($"setsid sh -c 'echo $$ >{_it.Scratch("child")}; while :; do echo noise; sleep 0.05; done' &\nuntil [ -s {_it.Scratch("child")} ]; do sleep 0.01; done\nexit 3")).WaitAsync(_prompt);

        Assert.Equal(new AttemptOutcome.Exited(3), result.Outcome);
        Assert.InRange(result.LeftoversKilled, 1, 10);
        Assert.Empty(Survivors());
    }

    [Fact]
    public async Task A_script_that_kills_its_own_group_is_told_from_one_that_is_killed()
    {
        var result = await _it.RunAsync(_it.Script("trap 'exit 5' TERM; sleep 300 & kill 0; sleep 300"));

        Assert.Equal(new AttemptOutcome.Exited(5), result.Outcome);
    }

    [Fact]
    public async Task A_process_without_environment_is_found_by_its_session()
    {
        var result = await _it.RunAsync(
            _it.Script($"env -i sh -c 'echo $$ >{_it.Scratch("child")}; exec sleep 300' &\nuntil [ -s {_it.Scratch("child")} ]; do sleep 0.01; done"));

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.False(AttemptFixture.IsRunning(await _it.PidIn("child")));
    }

    [Fact]
    public async Task Where_a_cgroup_may_be_divided_not_even_a_process_that_hides_survives()
    {
        Assert.SkipUnless(Cgroup.Find(Cgroups) is not null, $"{Cgroups} is no cgroup that this user may divide");
        var script = $"env -i setsid sh -c 'echo $$ >{_it.Scratch("child")}; exec sleep 300' &\nuntil [ -s {_it.Scratch("child")} ]; do sleep 0.01; done";

        var result = await _it.NewWorker(Cgroups).Open(_it.Key(), _it.Script(script), null).Completion;

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Equal("cgroup", result.Containment);
        Assert.False(AttemptFixture.IsRunning(await _it.PidIn("child")));
        Assert.False(Directory.Exists(Path.Combine(Cgroups, "attempt-" + _it.Key().FolderName)));
    }

    [Fact]
    public async Task A_cancelled_step_takes_its_stray_children_along()
    {
        var live = _it.NewWorker().Open(
            _it.Key(), _it.Script($"setsid sh -c 'echo $$ >{_it.Scratch("child")}; exec sleep 300' &\nsleep 300"), null);
        var child = await _it.PidIn("child");

        live.RequestStop("cancelled");
        await live.Completion.WaitAsync(_prompt);

        Assert.False(AttemptFixture.IsRunning(child));
        Assert.Empty(Survivors());
    }

    [Fact]
    public async Task Ended_attempts_leave_no_zombies_and_no_open_files()
    {
        var worker = _it.NewWorker();
        await worker.Open(_it.Key(), _it.Script("exit 0"), null).Completion;
        var filesBefore = Directory.GetFiles("/proc/self/fd").Length;

        for (var attempt = 2; attempt < 12; attempt++)
            await worker.Open(_it.Key(attempt), _it.Script("exit 0", attempt: attempt), null).Completion;

        // The supervisors were children of this process; unreaped they would still have an entry.
        Assert.All(worker.Known(), key => Assert.Null(ProcessStat.Read(ProcessIdentity.Read(_it.Folder(key).SupervisorFile)!.Value.Pid)));
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, filesBefore + 5);
    }

    IReadOnlyList<ProcessIdentity> Survivors() => ProcessTable.Belonging(new ProcessIdentity(-1, 0), _it.Key().FolderName, trustNumbers: false).Processes;

    public void Dispose() => _it.Dispose();
}

using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Limits as the script itself meets them, and what the record says of those that this host cannot keep.</summary>
public sealed class LimitTests : IDisposable
{
    const string Cgroups = "/sys/fs/cgroup/unified";

    readonly AttemptFixture _it = new();

    [Fact]
    public async Task Files_memory_and_niceness_are_limited_for_the_script_and_not_for_its_supervisor()
    {
        var result = await RunAsync(
            "ulimit -n; ulimit -v; nice; echo ${_m_limits-clean}", new StepLimits { Files = 40, MemoryBytes = 256L << 20, Nice = 7 });

        // A step's niceness comes on top of the worker's own.
        var nice = Math.Min(19, int.Parse(File.ReadAllText("/proc/self/stat").Split(' ')[18]) + 7);
        Assert.Equal($"40\n262144\n{nice}\nclean\n", result.Output);
        Assert.Contains("The memory limit held for each process", string.Join(' ', result.Notes));
    }

    [Fact]
    public async Task A_script_that_wants_more_memory_than_it_may_have_does_not_get_it()
    {
        var result = await RunAsync(
            "head -c 200000000 /dev/zero | tail -c 190000000 >/dev/null", new StepLimits { MemoryBytes = 64L << 20 });

        Assert.NotEqual(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Contains("memory", result.Output);
    }

    [Fact]
    public async Task A_script_that_used_up_its_processor_time_is_killed_and_the_record_says_why()
    {
        var result = await RunAsync("while :; do :; done", new StepLimits { CpuTime = TimeSpan.FromSeconds(1) });

        Assert.Equal(new AttemptOutcome.Signalled(Native.SIGXCPU), result.Outcome);
        Assert.Contains("It used up its limit of processor time (1s).", result.Notes);
    }

    [Fact]
    public async Task What_only_a_cgroup_could_keep_is_said_and_not_pretended()
    {
        var result = await RunAsync("exit 0", new StepLimits { Cpus = 0.5, Processes = 10 });

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Contains(result.Notes, note => note.Contains("processors was not kept"));
        Assert.Contains(result.Notes, note => note.Contains("processes"));
    }

    [Fact]
    public void In_a_cgroup_the_limits_are_of_the_whole_attempt()
    {
        var limits = new StepLimits { MemoryBytes = 1L << 30, Cpus = 1.5, Processes = 20, Files = 64 };

        var kept = HostLimits.Of(limits, new HashSet<string> { "memory", "pids", "cpu" }, asRoot: true);

        Assert.Equal(
            new Dictionary<string, string> { ["memory.max"] = "1073741824", ["pids.max"] = "25", ["cpu.max"] = "150000 100000" }, kept.CgroupFiles);
        Assert.Equal("-n=64", kept.ShellWords);
        Assert.Empty(kept.Notes);
    }

    [Fact]
    public void Where_a_cgroup_may_be_divided_one_that_holds_processes_is_emptied_before()
    {
        var own = Path.Combine(Cgroups, "maintenance-test-" + _it.RunId);
        Assert.SkipUnless(Cgroup.Find(Cgroups) is not null, $"{Cgroups} is no cgroup that this user may divide");
        // The only controller of v2 on a machine where v1 holds the others.
        Assert.SkipUnless(File.ReadAllText(Path.Combine(Cgroups, "cgroup.controllers")).Contains("hugetlb"), "no controller to try it with");
        File.WriteAllText(Path.Combine(Cgroups, "cgroup.subtree_control"), "+hugetlb");
        Directory.CreateDirectory(own);
        using var sleeper = System.Diagnostics.Process.Start("sleep", "300");
        try
        {
            File.WriteAllText(Path.Combine(own, "cgroup.procs"), $"{sleeper.Id}");

            var enabled = Cgroup.Enable(own, ["hugetlb", "no-such-controller"]);

            Assert.Equal(["hugetlb"], enabled);
            Assert.Equal($"{sleeper.Id}\n", File.ReadAllText(Path.Combine(own, "maintenance-runner", "cgroup.procs")));
        }
        finally
        {
            sleeper.Kill();
            sleeper.WaitForExit();
            Directory.Delete(Path.Combine(own, "maintenance-runner"));
            Directory.Delete(own);
        }
    }

    Task<AttemptResult> RunAsync(string script, StepLimits limits) => _it.RunAsync(_it.Script(script) with { Limits = limits });

    public void Dispose() => _it.Dispose();
}

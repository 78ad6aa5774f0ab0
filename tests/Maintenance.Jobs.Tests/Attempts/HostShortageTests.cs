using System.Diagnostics;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>
/// A host that is out of descriptors or processes, at each point of a start: what could not be done has the system's name, nothing is counted
/// against the step, no script runs twice, and when there is room again the same attempt goes on.
/// </summary>
public sealed class HostShortageTests : IDisposable
{
    readonly AttemptFixture _it = new();

    [Fact]
    public async Task Out_of_descriptors_at_any_point_of_a_start_the_attempt_waits_for_room_and_runs_once()
    {
        using var worker = ServingStandIn.Start(Path.Combine(_it.Root, "attempts"));
        await WarmUpAsync(worker);
        await worker.LimitAsync("nofile", worker.OpenFiles);
        await worker.OpenAsync(_it.Key(1, "cold"), _it.Script("exit 0"));
        await worker.LimitAsync("nofile", 1_000);
        await worker.OpenAsync(_it.Key(1, "cold"), _it.Script("exit 0"));
        var open = worker.OpenFiles;

        var met = new HashSet<string>();
        for (var room = 0; room <= 8; room++)
        {
            var key = _it.Key(1, $"files{room}");
            await worker.LimitAsync("nofile", open + room);
            var short_ = await worker.OpenAsync(key, Counting(room));
            await worker.LimitAsync("nofile", 1_000);
            var roomy = await worker.OpenAsync(key, Counting(room));

            met.UnionWith(short_.Said);
            Assert.True(short_.Said is ["EMFILE"] or ["exited with 4"], $"with room for {room}: {string.Join(' ', short_.Said)}");
            Assert.Equal(["exited with 4"], roomy.Said);
            Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch($"count{room}")));
        }

        Assert.Contains("EMFILE", met);
        await worker.OpenAsync(_it.Key(1, "last"), _it.Script("exit 0"));
        await Eventually.IsTrue(() => !ServingStandIn.ChildrenOf(worker.Pid).Any(), "the last child to be reaped");
        Assert.InRange(worker.OpenFiles, 0, open + 3);
    }

    [Fact]
    public async Task As_root_out_of_processes_at_any_point_of_a_start_the_attempt_waits_for_room_and_runs_once()
    {
        Assert.SkipUnless(Native.GetUid() == 0, "Needs root: a limit on the processes of a user does not bind root, so that another user is needed.");
        foreach (var folder in (string[])[_it.Root, Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName])
            File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
        // A number that nobody else has, so that nobody else's processes count.
        var user = $"{400_000_000 + Random.Shared.Next(90_000_000)}";
        string[] asUser = ["setpriv", $"--reuid={user}", "--regid=65534", "--clear-groups"];
        using var reading = Process.Start(asUser[0], [.. asUser[1..], "test", "-r", typeof(HostShortageTests).Assembly.Location]);
        await reading.WaitForExitAsync();
        Assert.SkipUnless(reading.ExitCode == 0, "Needs a build that any user may read: the test program is started again as another user.");
        using var worker = ServingStandIn.Start(Path.Combine(_it.Root, "attempts"), asUser);
        await WarmUpAsync(worker);

        var met = new HashSet<string>();
        for (var room = 0; room <= 4; room++)
        {
            var key = _it.Key(1, $"processes{room}");
            await worker.LimitAsync("nproc", worker.Threads + room);
            var short_ = await worker.OpenAsync(key, Counting(room));
            await worker.LimitAsync("nproc", 5_000);
            var roomy = await worker.OpenAsync(key, Counting(room));

            met.UnionWith(short_.Said);
            Assert.True(
                short_.Said is ["EAGAIN"] or ["SUPERVISOR"] or ["exited with 4"] or ["exited with 2"], $"with room for {room}: {string.Join(' ', short_.Said)}");
            Assert.Equal(short_.Said is ["exited with 2"] ? ["exited with 2"] : ["exited with 4"], roomy.Said);
            Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch($"count{room}")));
        }

        Assert.Contains("EAGAIN", met);
    }

    /// <summary>What is loaded at the first use is loaded before anything is short.</summary>
    async Task WarmUpAsync(ServingStandIn worker)
    {
        await worker.OpenAsync(_it.Key(1, "warm"), _it.Script("exit 0"));
        await worker.FailAsync($"{_it.RunId}-warm", _it.Script(""), 20);
    }

    AttemptRequest Counting(int room) => _it.Script($"echo started >>{_it.Scratch($"count{room}")}; sleep 0.01; exit 4");

    public void Dispose() => _it.Dispose();
}

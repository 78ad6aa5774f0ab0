using System.Diagnostics;
using System.Text.Json.Nodes;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Rows of the table "The life of an attempt" that meet: two workers, two builds, a suspended machine, a clock that is set.</summary>
public sealed class AttemptPairTests : IDisposable
{
    readonly AttemptFixture _it = new();

    [Fact]
    public async Task Two_worker_processes_that_open_one_attempt_at_the_same_time_run_one_script()
    {
        var root = Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName;
        var request = Counting();

        using var one = await WorkerStandIn.StartAsync(root, _it.Key(), request, _it.Scratch("ready1"));
        using var two = await WorkerStandIn.StartAsync(root, _it.Key(), request, _it.Scratch("ready2"));
        var here = _it.NewWorker().Open(_it.Key(), request, null);
        var alsoHere = _it.NewWorker().Open(_it.Key(), request, null);
        await _it.PidIn("up");
        Release();
        var (first, second) = (await here.Completion, await alsoHere.Completion);

        Assert.Equal(new AttemptOutcome.Exited(4), first.Outcome);
        Assert.Equal((first.Outcome, first.Output, first.EndedAt), (second.Outcome, second.Output, second.EndedAt));
        Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch("count")));
        one.Kill();
        two.Kill();
    }

    [Fact]
    public async Task A_worker_of_another_build_takes_over_what_this_one_began()
    {
        var root = Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName;
        var otherBuild = Directory.CreateDirectory(_it.Scratch("build")).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.CreateSymbolicLink(Path.Combine(otherBuild, Path.GetFileName(file)), file);
        File.Delete(Path.Combine(otherBuild, "Maintenance.Jobs.dll"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Maintenance.Jobs.dll"), Path.Combine(otherBuild, "Maintenance.Jobs.dll"));
        using var old = await WorkerStandIn.StartAsync(root, _it.Key(), Counting(), _it.Scratch("ready"), otherBuild);
        await _it.PidIn("up");

        old.Kill();
        await old.WaitForExitAsync();
        var live = _it.NewWorker().Open(_it.Key(), Counting(), null);
        Release();

        Assert.Equal(new AttemptOutcome.Exited(4), (await live.Completion).Outcome);
        Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch("count")));
    }

    [Fact]
    public async Task A_folder_of_a_newer_format_is_left_alone_and_says_which_version_is_needed()
    {
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Counting(), null);
        var pid = await _it.PidIn("up");
        old.Dispose();
        ChangeTicket(ticket => ticket["format"] = AttemptTicket.NewestFormat + 1);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _it.NewWorker().Open(_it.Key(), Counting(), null).Completion);

        Assert.Contains("newer version", error.Message);
        Assert.True(AttemptFixture.IsRunning(pid));
        ChangeTicket(ticket => ticket["format"] = AttemptTicket.NewestFormat);
    }

    /// <summary>What a suspended machine is for those on it: worker, supervisor, clock and script all stand still, and go on.</summary>
    [Fact]
    public async Task A_machine_that_slept_goes_on_with_the_same_script()
    {
        var root = Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName;
        using var worker = await WorkerStandIn.StartAsync(root, _it.Key(), Counting(), _it.Scratch("ready"));
        var script = await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());

        _ = Native.Kill(worker.Id, Native.SIGSTOP);
        _ = Native.Kill(-supervisor.Pid, Native.SIGSTOP);
        // D: stopped while its child, stopped too, has yet to become another program.
        await Eventually.IsTrue(() => ProcessStat.Read(script)?.State is 'T' or 'D', "the script to stand still");
        Release();
        const int sigcont = 18;
        _ = Native.Kill(-supervisor.Pid, sigcont);
        _ = Native.Kill(worker.Id, sigcont);
        await Eventually.IsTrue(() => File.Exists(_it.Folder(_it.Key()).ResultFile), "the worker to take in the result");

        Assert.Equal(new AttemptOutcome.Exited(4), _it.Folder(_it.Key()).ReadResult()!.Outcome);
        Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch("count")));
        worker.Kill();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_gives_no_end_before_the_beginning_and_is_said()
    {
        var live = _it.NewWorker().Open(_it.Key(), Counting(), null);
        await _it.PidIn("up");
        File.SetLastWriteTimeUtc(_it.Folder(_it.Key()).SupervisorFile, DateTime.UtcNow.AddHours(1));
        Release();

        var result = await live.Completion;

        Assert.Equal(result.StartedAt, result.EndedAt);
        Assert.Contains(result.Notes, note => note.Contains("clock was set back"));
    }

    [Theory]
    [InlineData("supervisor")]
    [InlineData("worker supervisor")]
    [InlineData("worker script")]
    [InlineData("worker supervisor script")]
    public async Task Whoever_is_killed_there_is_one_script_and_an_honest_end(string victims)
    {
        var root = Directory.CreateDirectory(Path.Combine(_it.Root, "attempts")).FullName;
        using var worker = await WorkerStandIn.StartAsync(root, _it.Key(), Counting(), _it.Scratch("ready"));
        var script = await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());

        if (victims.Contains("worker"))
            worker.Kill();
        if (victims.Contains("supervisor"))
            supervisor.Signal(Native.SIGKILL);
        if (victims.Contains("script"))
            _ = Native.Kill(script, Native.SIGKILL);
        var result = await _it.NewWorker().Open(_it.Key(), Counting(), null).Completion.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("started\n", await File.ReadAllTextAsync(_it.Scratch("count")));
        Assert.False(AttemptFixture.IsRunning(script));
        if (victims.Contains("supervisor"))
            Assert.Contains("supervisor was killed", Assert.IsType<AttemptOutcome.Unknown>(result.Outcome).Reason);
        else
            Assert.Equal(new AttemptOutcome.Signalled(Native.SIGKILL), result.Outcome);
    }

    AttemptRequest Counting() =>
        _it.Script(
            $"echo started >>{_it.Scratch("count")}; echo $$ >{_it.Scratch("up")}; until [ -e {_it.Scratch("go")} ]; do sleep 0.02; done; exit 4");

    void Release() => File.WriteAllText(_it.Scratch("go"), "");

    void ChangeTicket(Action<JsonNode> change)
    {
        var file = _it.Folder(_it.Key()).TicketFile;
        var ticket = JsonNode.Parse(File.ReadAllText(file))!;
        change(ticket);
        File.WriteAllText(file, ticket.ToJsonString());
    }

    public void Dispose() => _it.Dispose();
}

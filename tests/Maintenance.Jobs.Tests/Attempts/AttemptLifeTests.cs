using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>
/// The table "The life of an attempt", row by row, with real processes. A restart of the worker is a second host on the same folder.
/// </summary>
public sealed class AttemptLifeTests : IDisposable
{
    readonly AttemptFixture _it = new();

    // Row: activity dispatched, first or again.

    [Fact]
    public async Task Asked_for_again_while_the_script_runs_it_is_the_same_script()
    {
        var worker = _it.NewWorker();
        var request = Counting(until: "go");

        var first = worker.Open(_it.Key(), request, [1]);
        await _it.PidIn("up");
        var second = worker.Open(_it.Key(), request, [2]);
        Release("go");

        Assert.Same(first, second);
        Assert.Equal(new AttemptOutcome.Exited(4), (await second.Completion).Outcome);
        Assert.Equal([2], worker.TokenOf(_it.Key()));
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    [Fact]
    public async Task Asked_for_again_by_a_new_worker_the_living_script_is_adopted()
    {
        var request = Counting(until: "go");
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), request, [1]);
        await _it.PidIn("up");
        old.Dispose();

        var live = _it.NewWorker().Open(_it.Key(), request, [2]);
        await Eventually.IsTrue(() => live.Redactor is not null, "the new worker to follow the script");
        Release("go");
        var result = await live.Completion;

        Assert.Equal(new AttemptOutcome.Exited(4), result.Outcome);
        Assert.Equal("hello\n", result.Output);
        Assert.True(result.Adopted);
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    [Fact]
    public async Task Asked_for_again_after_it_ended_unseen_its_status_is_returned()
    {
        var request = Counting(until: "go");
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), request, [1]);
        await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());
        old.Dispose();
        Release("go");
        await Eventually.IsTrue(() => !supervisor.IsAlive, "the supervisor to end");

        var result = await _it.NewWorker().Open(_it.Key(), request, [2]).Completion;

        Assert.Equal(new AttemptOutcome.Exited(4), result.Outcome);
        Assert.True(result.EndedUnseen);
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    [Fact]
    public async Task Asked_for_again_after_its_result_was_made_the_result_is_given_again()
    {
        var request = Counting(until: "go");
        Release("go");
        var first = await _it.NewWorker().Open(_it.Key(), request, [1]).Completion;

        var again = await _it.NewWorker().Open(_it.Key(), request, [2]).Completion;

        Assert.Equal(first.Outcome, again.Outcome);
        Assert.Equal(first.EndedAt, again.EndedAt);
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    [Fact]
    public async Task A_folder_in_which_nothing_was_started_is_started()
    {
        Release("go");
        var request = Counting(until: "go");
        _it.NewWorker().Dispose();
        var ticket = Ticket(request);
        _it.Folder(_it.Key()).Create(ticket, request);

        var result = await _it.NewWorker().Open(_it.Key(), request, [1]).Completion;

        Assert.Equal(new AttemptOutcome.Exited(4), result.Outcome);
    }

    [Fact]
    public async Task Of_two_supervisors_in_one_folder_only_one_runs_the_script()
    {
        var request = Counting(until: "go");
        var worker = _it.NewWorker();
        _ = worker.Open(_it.Key(), request, null);
        await _it.PidIn("up");
        var folder = _it.Folder(_it.Key());
        var script = Directory.EnumerateFiles(Path.Combine(_it.Root, "attempts"), "supervisor-*.sh").Single();

        using var watcher = new ExitWatcher();
        var environment = new Dictionary<string, string>();
        Spawner.TryStart(
            new SpawnRequest("/bin/sh", [script, folder.Path, "60", "5", "/bin/sleep", "", "/bin/sh", folder.ScriptFile("work.sh")], environment, _it.Scratch("o"), _it.Scratch("e")),
            out var pid);
        var status = await watcher.WhenExited(new ProcessIdentity(pid, ProcessStat.Read(pid)!.Value.StartTicks));

        Assert.Equal(75, status >> 8);
        Release("go");
        Assert.Equal("started\n", File.ReadAllText(_it.Scratch("count")));
    }

    // Row: worker starts and finds the folder.

    [Fact]
    public async Task A_new_worker_takes_up_what_runs_without_being_asked()
    {
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Counting(until: "go"), [7]);
        await _it.PidIn("up");
        old.Dispose();

        var worker = _it.NewWorker();
        Assert.Equal([_it.Key()], worker.Known());
        Assert.Equal([7], worker.TokenOf(_it.Key()));
        var live = worker.TakeUp(_it.Key());
        Release("go");

        Assert.NotNull(live);
        Assert.Equal(new AttemptOutcome.Exited(4), (await live.Completion).Outcome);
    }

    [Fact]
    public void A_new_worker_takes_up_nothing_where_nothing_was_started()
    {
        var worker = _it.NewWorker();
        var request = Counting(until: "go");
        _it.Folder(_it.Key()).Create(Ticket(request), request);

        Assert.Null(worker.TakeUp(_it.Key()));
    }

    // Row: cancel requested.

    [Fact]
    public async Task Cancelled_before_anything_started_nothing_starts()
    {
        var request = Counting(until: "go");
        var busy = new AttemptKey(_it.RunId, "work/1");
        var folder = _it.Folder(busy);
        _it.NewWorker().Dispose();
        folder.Create(Ticket(request), request);
        folder.WriteStopReason("cancelled while the worker was away");

        var worker = _it.NewWorker();
        var live = worker.Open(busy, request, null);
        live.RequestStop("cancelled");
        var result = await live.Completion;

        Assert.IsType<AttemptOutcome.Cancelled>(result.Outcome);
    }

    [Fact]
    public async Task Cancelled_after_it_ended_the_result_stays()
    {
        Release("go");
        var worker = _it.NewWorker();
        var live = worker.Open(_it.Key(), Counting(until: "go"), null);
        await live.Completion;

        live.RequestStop("too late");

        Assert.Equal(new AttemptOutcome.Exited(4), (await worker.Open(_it.Key(), Counting(until: "go"), null).Completion).Outcome);
    }

    [Fact]
    public async Task A_stop_that_an_earlier_worker_began_is_carried_through()
    {
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Counting(until: "never"), null);
        await _it.PidIn("up");
        old.Dispose();
        _it.Folder(_it.Key()).WriteStopReason("cancelled");

        var result = await _it.NewWorker().TakeUp(_it.Key())!.Completion;

        Assert.Equal(new AttemptOutcome.Cancelled("cancelled"), result.Outcome);
    }

    // Row: worker shutdown or upgrade.

    [Fact]
    public async Task Letting_go_does_not_touch_the_script()
    {
        var old = _it.NewWorker();
        var live = old.Open(_it.Key(), Counting(until: "never"), null);
        var pid = await _it.PidIn("up");

        old.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live.Completion);
        Assert.True(AttemptFixture.IsRunning(pid));
    }

    // Row: step timeout, with nobody there but the supervisor.

    [Fact]
    public async Task The_time_limit_is_kept_while_no_worker_is_there()
    {
        var old = _it.NewWorker();
        var request = Counting(until: "never") with { Timeout = TimeSpan.FromSeconds(1), StopGrace = TimeSpan.FromSeconds(0.2) };
        _ = old.Open(_it.Key(), request, null);
        var pid = await _it.PidIn("up");
        old.Dispose();

        await Eventually.IsTrue(() => !AttemptFixture.IsRunning(pid), "the supervisor to end the script");
        var result = await _it.NewWorker().Open(_it.Key(), request, null).Completion;

        Assert.Equal(new AttemptOutcome.TimedOut(TimeSpan.FromSeconds(1), 143), result.Outcome);
    }

    // Row: boot id changed, or dead without status.

    [Fact]
    public async Task After_a_reboot_the_outcome_is_unknown_and_nothing_is_killed()
    {
        var request = Counting(until: "never");
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), request, null);
        var pid = await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());
        old.Dispose();
        Rewrite(ticket => ticket with { Era = ticket.Era with { BootId = "an earlier boot" } });

        var result = await _it.NewWorker().Open(_it.Key(), request, null).Completion;

        Assert.Contains("restarted", Assert.IsType<AttemptOutcome.Unknown>(result.Outcome).Reason);
        // The number in the folder belonged to another boot: whoever has it now is a stranger.
        Assert.True(AttemptFixture.IsRunning(pid));
        _ = Native.Kill(-supervisor.Pid, Native.SIGKILL);
        await Eventually.IsTrue(() => !supervisor.IsAlive && !AttemptFixture.IsRunning(pid), "both to be gone");
    }

    [Fact]
    public async Task When_the_supervisor_is_killed_the_script_is_stopped_and_the_outcome_unknown()
    {
        var live = _it.NewWorker().Open(_it.Key(), Counting(until: "never"), null);
        var pid = await _it.PidIn("up");

        (await _it.SupervisorOf(_it.Key())).Signal(Native.SIGKILL);
        var result = await live.Completion;

        Assert.Contains("supervisor was killed", Assert.IsType<AttemptOutcome.Unknown>(result.Outcome).Reason);
        Assert.False(AttemptFixture.IsRunning(pid));
        Assert.Equal("hello\n", result.Output);
    }

    [Fact]
    public async Task When_supervisor_and_script_are_killed_together_the_outcome_is_unknown()
    {
        var request = Counting(until: "never");
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), request, null);
        var pid = await _it.PidIn("up");
        var supervisor = await _it.SupervisorOf(_it.Key());
        old.Dispose();
        _ = Native.Kill(-supervisor.Pid, Native.SIGKILL);
        await Eventually.IsTrue(() => !supervisor.IsAlive && !AttemptFixture.IsRunning(pid), "both to be gone");

        var result = await _it.NewWorker().TakeUp(_it.Key())!.Completion;

        Assert.IsType<AttemptOutcome.Unknown>(result.Outcome);
    }

    // Row: run terminated or reset.

    [Fact]
    public async Task A_closed_runs_script_is_contained_and_its_folder_deleted()
    {
        var old = _it.NewWorker();
        _ = old.Open(_it.Key(), Counting(until: "never"), null);
        var pid = await _it.PidIn("up");
        old.Dispose();

        var worker = _it.NewWorker();
        await worker.ContainAsync(_it.Key(), CancellationToken.None);

        Assert.False(AttemptFixture.IsRunning(pid));
        Assert.Empty(worker.Known());
    }

    // Between rows.

    [Fact]
    public async Task The_next_attempt_of_a_step_ends_the_one_before_it_first()
    {
        var worker = _it.NewWorker();
        var first = worker.Open(_it.Key(1), Counting(until: "never"), null);
        var pid = await _it.PidIn("up");

        var second = await worker.Open(_it.Key(2), _it.Script($"! kill -0 {pid}", attempt: 2), null).Completion;

        Assert.Equal(new AttemptOutcome.Exited(0), second.Outcome);
        Assert.IsType<AttemptOutcome.Cancelled>((await first.Completion).Outcome);
    }

    [Fact]
    public async Task Released_results_are_deleted_and_running_attempts_are_not()
    {
        var worker = _it.NewWorker();
        _ = worker.Open(_it.Key(1, "other"), Counting(until: "never"), null);
        await _it.PidIn("up");
        await worker.Open(_it.Key(), _it.Script("exit 0"), null).Completion;

        worker.Release(_it.RunId);

        Assert.Equal([_it.Key(1, "other")], worker.Known());
    }

    AttemptRequest Counting(string until) =>
        _it.Script(
            $"echo started >>{_it.Scratch("count")}; echo hello; echo $$ >{_it.Scratch("up")}; until [ -e {_it.Scratch(until)} ]; do sleep 0.02; done; exit 4");

    void Release(string name) => File.WriteAllText(_it.Scratch(name), "");

    AttemptTicket Ticket(AttemptRequest request) => new()
    {
        Job = request.Job,
        Step = request.Step,
        Attempt = 1,
        RunId = _it.RunId,
        ActivityId = _it.Key().ActivityId,
        WorkflowId = "test-job",
        Era = HostEra.Current(),
        CreatedAt = DateTimeOffset.UtcNow,
        Timeout = request.Timeout,
        StopGrace = request.StopGrace,
        OutputBytesMax = request.OutputBytesMax,
        Secrets = request.Secrets,
    };

    void Rewrite(Func<AttemptTicket, AttemptTicket> change)
    {
        var folder = _it.Folder(_it.Key());
        File.WriteAllText(folder.TicketFile, JsonSerializer.Serialize(change(folder.ReadTicket()), JsonSerializerOptions.Web));
    }

    public void Dispose() => _it.Dispose();
}

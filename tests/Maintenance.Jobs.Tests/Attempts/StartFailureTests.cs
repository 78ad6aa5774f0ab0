using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Starts that fail: each says why by the system's own name, those that pass are tried again, and none leaves anything behind.</summary>
public sealed class StartFailureTests : IDisposable
{
    // What the runtime opens for itself as it goes on.
    const int FilesOfTheRuntime = 5;

    readonly AttemptFixture _it = new();

    [Fact]
    public async Task An_interpreter_that_is_just_being_replaced_is_tried_again_under_the_same_name()
    {
        var shell = _it.Scratch("shell");
        File.Copy("/bin/sh", shell);
        File.SetUnixFileMode(shell, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var request = _it.Script($"#!{shell}\necho ran");
        var worker = _it.NewWorker();

        AttemptResult busy;
        using (File.Open(shell, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            busy = await worker.Open(_it.Key(), request, null).Completion;
        var later = await worker.Open(_it.Key(), request, null).Completion;

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(busy.Outcome);
        Assert.Equal("ETXTBSY", refusal.Error);
        Assert.True(refusal.Passing);
        Assert.Equal("ran\n", later.Output);
    }

    [Fact]
    public async Task Arguments_that_are_too_long_are_a_lasting_error()
    {
        var result = await _it.RunAsync(_it.Script("echo never") with { Arguments = [new string('x', 200_000)] });

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome);
        Assert.Equal("E2BIG", refusal.Error);
        Assert.False(refusal.Passing);
    }

    [Theory]
    [InlineData(126)]
    [InlineData(127)]
    public async Task A_script_that_leaves_with_a_shells_number_for_that_did_run(int code)
    {
        var result = await _it.RunAsync(_it.Script($"echo ran; exit {code}"));

        Assert.Equal(new AttemptOutcome.Exited(code), result.Outcome);
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_before_the_script_began_is_no_unknown_end()
    {
        var worker = _it.NewWorker();
        var request = _it.Script("echo ran");
        var folder = _it.Folder(_it.Key());
        // What a kill between the supervisor's first act and the script's process leaves.
        await worker.Open(_it.Key(), request, null).Completion;
        foreach (var file in (string[])[folder.ResultFile, folder.StatusFile, folder.ScriptPidFile])
            File.Delete(file);

        var next = _it.NewWorker();
        var first = await next.Open(_it.Key(), request, null).Completion;
        var second = await next.Open(_it.Key(), request, null).Completion;

        Assert.Equal("SUPERVISOR", Assert.IsType<AttemptOutcome.CouldNotStart>(first.Outcome).Error);
        Assert.Equal("ran\n", second.Output);
    }

    [Fact]
    public async Task Two_hundred_failed_starts_leave_no_descriptor_and_no_process() => await FailAsync(200);

    [Fact, Trait("Category", "Long")]
    public async Task Ten_thousand_failed_starts_leave_no_descriptor_and_no_process() => await FailAsync(10_000);

    [Fact]
    public async Task Two_thousand_system_calls_that_fail_leak_nothing() => await FailCallsAsync(2_000);

    [Fact, Trait("Category", "Long")]
    public async Task Ten_thousand_system_calls_that_fail_leak_nothing() => await FailCallsAsync(10_000);

    async Task FailCallsAsync(int times)
    {
        using var worker = ServingStandIn.Start(_it.Root);
        await worker.FailCallsAsync(3);
        var before = worker.OpenFiles;

        var failed = await worker.FailCallsAsync(times);

        Assert.Equal(["EACCES", "ENOENT"], failed.Said);
        Assert.InRange(worker.OpenFiles, 0, before + FilesOfTheRuntime);
    }

    async Task FailAsync(int times)
    {
        using var worker = ServingStandIn.Start(Path.Combine(_it.Root, "attempts"));
        await worker.FailAsync(_it.RunId, _it.Script(""), 20);
        var before = worker.OpenFiles;

        var failed = await worker.FailAsync($"{_it.RunId}-more", _it.Script(""), times);

        Assert.Equal(["EACCES for good", "ENOENT for good", "ENOEXEC for good"], failed.Said);
        Assert.InRange(worker.OpenFiles, 0, before + FilesOfTheRuntime);
        await Eventually.IsTrue(() => !ServingStandIn.ChildrenOf(worker.Pid).Any(), "the last child to be reaped");
    }

    public void Dispose() => _it.Dispose();
}

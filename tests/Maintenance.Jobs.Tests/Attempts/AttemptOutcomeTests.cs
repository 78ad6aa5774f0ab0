using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Tests.Attempts;

public sealed class AttemptOutcomeTests : IDisposable
{
    readonly AttemptFixture _it = new();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(255)]
    public async Task The_exit_code_is_the_scripts_own(int code)
    {
        var result = await _it.RunAsync(_it.Script($"exit {code}"));

        Assert.Equal(new AttemptOutcome.Exited(code), result.Outcome);
    }

    [Fact]
    public async Task Leaving_with_137_is_not_the_same_as_being_killed()
    {
        var left = await _it.RunAsync(_it.Script("exit 137"));
        var killed = await _it.RunAsync(_it.Script("kill -9 $$", attempt: 2));

        Assert.Equal(new AttemptOutcome.Exited(137), left.Outcome);
        Assert.Equal(new AttemptOutcome.Signalled(9), killed.Outcome);
    }

    [Fact]
    public async Task Both_streams_are_kept_in_order()
    {
        var result = await _it.RunAsync(_it.Script("echo one; echo two >&2; echo three"));

        Assert.Equal("one\ntwo\nthree\n", result.Output);
        Assert.Equal(14, result.OutputBytes);
    }

    [Fact]
    public async Task Outputs_come_from_the_file_that_the_script_is_given()
    {
        var result = await _it.RunAsync(_it.Script("""echo path=/a=b >>"$MAINTENANCE_OUTPUT"; echo 'no output' >>"$MAINTENANCE_OUTPUT" """));

        Assert.Equal("/a=b", result.Outputs["path"]);
        Assert.Contains("Line 2", Assert.Single(result.Notes));
    }

    [Fact]
    public async Task A_script_that_takes_too_long_is_stopped_and_says_so()
    {
        var result = await _it.RunAsync(
            _it.Script("trap 'echo cleaned; exit 9' TERM; sleep 60 & wait", timeout: TimeSpan.FromSeconds(0.3)));

        Assert.Equal(new AttemptOutcome.TimedOut(TimeSpan.FromSeconds(0.3), 9), result.Outcome);
        Assert.Equal("cleaned\n", result.Output);
    }

    [Fact]
    public async Task A_script_that_ignores_the_stop_signal_is_killed_after_its_grace()
    {
        var result = await _it.RunAsync(
            _it.Script("trap '' TERM; while :; do sleep 1; done", timeout: TimeSpan.FromSeconds(0.2), grace: TimeSpan.FromSeconds(0.2)));

        Assert.Equal(new AttemptOutcome.TimedOut(TimeSpan.FromSeconds(0.2), 137), result.Outcome);
    }

    [Fact]
    public async Task A_cancelled_script_may_clean_up_and_is_then_cancelled()
    {
        var live = _it.NewWorker().Open(
            _it.Key(), _it.Script($"trap 'echo bye; exit 0' TERM; echo $$ >{_it.Scratch("up")}; sleep 60 & wait"), null);
        await _it.PidIn("up");

        live.RequestStop("asked by a test");
        var result = await live.Completion;

        Assert.Equal(new AttemptOutcome.Cancelled("asked by a test"), result.Outcome);
        Assert.Equal("bye\n", result.Output);
    }

    [Fact]
    public async Task A_cancelled_script_that_ignores_the_signal_is_killed_with_its_children()
    {
        var script = $"trap '' TERM; sh -c 'echo $$ >{_it.Scratch("child")}; exec sleep 60' & echo $$ >{_it.Scratch("up")}; while :; do sleep 1; done";
        var live = _it.NewWorker().Open(_it.Key(), _it.Script(script, grace: TimeSpan.FromSeconds(0.2)), null);
        var (pid, child) = (await _it.PidIn("up"), await _it.PidIn("child"));

        live.RequestStop("enough");
        var result = await live.Completion;

        Assert.Equal(new AttemptOutcome.Cancelled("enough"), result.Outcome);
        Assert.False(AttemptFixture.IsRunning(pid));
        Assert.False(AttemptFixture.IsRunning(child));
    }

    [Theory]
    [InlineData("#!/no/such/shell\n", "ENOENT")]
    [InlineData("#!/usr/bin/env no-such-program\n", "ENOENT")]
    [InlineData("#!/etc/passwd\n", "EACCES")]
    public async Task What_cannot_start_says_why_and_runs_nothing(string script, string error)
    {
        var result = await _it.RunAsync(_it.Script(script));

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome);
        Assert.Equal(error, refusal.Error);
        Assert.Contains("work.sh", refusal.Message);
        Assert.False(refusal.Passing);
    }

    [Fact]
    public async Task A_script_without_first_line_is_refused()
    {
        var result = await _it.RunAsync(_it.Script("") with { Script = "echo hi\n" });

        Assert.Equal("ENOEXEC", Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome).Error);
    }

    [Fact]
    public async Task The_interpreter_gets_its_argument_and_the_script_its_arguments()
    {
        var result = await _it.RunAsync(
            _it.Script("#!/bin/sh -u\necho \"$1|$2\"; echo $unset; echo not here") with { Arguments = ["a b", "$(date)"] });

        Assert.StartsWith("a b|$(date)\n", result.Output);
        Assert.DoesNotContain("not here", result.Output);
        Assert.Equal(new AttemptOutcome.Exited(2), result.Outcome);
    }

    [Fact]
    public async Task The_environment_is_clean_and_signals_are_the_defaults()
    {
        Environment.SetEnvironmentVariable("ONLY_THE_WORKER_HAS_THIS", "1");

        var result = await _it.RunAsync(_it.Script("env; grep -E 'SigIgn|SigBlk' /proc/self/status; readlink /proc/self/fd/0; pwd; ls -A") with
        {
            Environment = new Dictionary<string, string> { ["GIVEN"] = "with \"quotes\"\nand lines" },
        });

        Assert.DoesNotContain("ONLY_THE_WORKER_HAS_THIS", result.Output);
        Assert.DoesNotContain("OLDPWD", result.Output);
        Assert.DoesNotContain("_m_", result.Output);
        Assert.Contains("GIVEN=with \"quotes\"\nand lines\n", result.Output);
        Assert.Contains("SigBlk:\t0000000000000000\n", result.Output);
        // 32 and 33 belong to the C library itself, whose posix_spawn leaves them ignored.
        Assert.Contains("SigIgn:\t0000000180000000\n", result.Output);
        Assert.EndsWith("/dev/null\n" + Path.Combine(_it.Folder(_it.Key()).WorkFolder) + "\n", result.Output);
    }

    [Fact]
    public async Task Files_of_the_job_are_in_the_working_folder_and_all_of_it_is_gone_afterwards()
    {
        var result = await _it.RunAsync(_it.Script("cat lib.sql; touch junk \"$TMPDIR/junk\"; mkdir closed; chmod 0 closed") with
        {
            Files = new Dictionary<string, string> { ["lib.sql"] = "select 1;\n" },
        });

        Assert.Equal("select 1;\n", result.Output);
        Assert.Equal(
            ["result.json", "script.pid", "status", "supervisor", "ticket.json"],
            Directory.EnumerateFileSystemEntries(_it.Folder(_it.Key()).Path).Select(Path.GetFileName).Order());
        Assert.Equal("rwx------", Mode(_it.Folder(_it.Key()).Path));
    }

    static string Mode(string path) => string.Concat(
        "rwxrwxrwx".Select((c, i) => ((int)File.GetUnixFileMode(path) & (0x100 >> i)) != 0 ? c : '-'));

    public void Dispose() => _it.Dispose();
}

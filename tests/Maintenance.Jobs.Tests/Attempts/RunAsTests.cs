using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>Scripts with another user's rights: whom the host permits, and what they then can and cannot reach.</summary>
public sealed class RunAsTests : IDisposable
{
    const string User = "nobody";

    readonly AttemptFixture _it = new();

    [Fact]
    public async Task As_root_the_script_is_that_user_and_has_its_own_places()
    {
        NeedsRoot();
        const string script = """
            id -un; id -G; echo "$USER $LOGNAME"
            touch here "$TMPDIR/there" && cat lib.txt
            echo "answer=42" >>"$MAINTENANCE_OUTPUT"
            cat "$ATTEMPT/ticket.json" 2>/dev/null || echo closed
            ls "$(dirname "$(dirname "$PWD")")" 2>/dev/null || echo unlisted
            """;

        var result = await RunAsync(script, User);

        Assert.Equal(new AttemptOutcome.Exited(0), result.Outcome);
        Assert.Equal($"{User}\n{SystemUser.Find(User)!.Gid}\n{User} {User}\nlib\nclosed\nunlisted\n", result.Output);
        Assert.Equal("42", result.Outputs["answer"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_it.RunAsRoot));
    }

    [Fact]
    public async Task As_root_what_it_leaves_behind_is_ended_and_its_number_of_processes_limited()
    {
        NeedsRoot();

        var result = await RunAsync(
            $"setsid sh -c 'echo $$ >&3; exec sleep 300' 3>child & until [ -s child ]; do sleep 0.02; done; cat child; ulimit -p", User,
            new StepLimits { Processes = 77 });

        var lines = result.Output.Split('\n');
        Assert.False(AttemptFixture.IsRunning(int.Parse(lines[0])));
        Assert.Equal("77", lines[1]);
        Assert.Contains(result.Notes, note => note.Contains("script's user"));
    }

    [Theory]
    [InlineData("root", "not permitted")]
    [InlineData("no-such-user-here", "not permitted")]
    public async Task A_user_that_the_host_does_not_name_is_refused(string user, string says)
    {
        var result = await RunAsync("echo never", user);

        var refusal = Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome);
        Assert.Equal("RUNAS", refusal.Error);
        Assert.Contains(says, refusal.Message);
        Assert.False(refusal.Passing);
    }

    [Fact]
    public async Task A_permitted_user_that_the_host_does_not_have_is_refused()
    {
        var request = _it.Script("echo never") with { RunAs = "no-such-user-here" };

        var result = await _it.NewWorker("off", "no-such-user-here").Open(_it.Key(), request, null).Completion;

        Assert.Contains("no such user", Assert.IsType<AttemptOutcome.CouldNotStart>(result.Outcome).Message);
    }

    [Fact]
    public async Task As_root_a_new_worker_takes_up_another_users_script_and_its_outputs()
    {
        NeedsRoot();
        var go = _it.Scratch("go");
        File.WriteAllText(go, "");
        var request = _it.Script("echo up; until [ -e go ]; do sleep 0.02; done; echo done=1 >>\"$MAINTENANCE_OUTPUT\"") with { RunAs = User };
        var old = _it.NewWorker("off", User);
        _ = old.Open(_it.Key(), request, null);
        var folder = _it.Folder(_it.Key());
        await Eventually.IsTrue(() => File.Exists(folder.OutputFile) && File.ReadAllText(folder.OutputFile).Length > 0, "the script to run");
        old.Dispose();

        var live = _it.NewWorker("off", User).TakeUp(_it.Key())!;
        File.WriteAllText(Path.Combine(folder.WorkFolder, "go"), "");

        Assert.Equal("1", (await live.Completion).Outputs["done"]);
    }

    Task<AttemptResult> RunAsync(string script, string user, StepLimits? limits = null)
    {
        var request = _it.Script(script) with
        {
            RunAs = user,
            Limits = limits,
            Files = new Dictionary<string, string> { ["lib.txt"] = "lib\n" },
            Environment = new Dictionary<string, string> { ["ATTEMPT"] = _it.Folder(_it.Key()).Path },
        };
        return _it.NewWorker("off", User).Open(_it.Key(), request, null).Completion.WaitAsync(TimeSpan.FromSeconds(60));
    }

    static void NeedsRoot() => Assert.SkipUnless(Native.GetUid() == 0, "only root can start a script as another user");

    public void Dispose() => _it.Dispose();
}

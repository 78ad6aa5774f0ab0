using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.EndToEnd.Tests.Engine;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>
/// The table "The life of an attempt" with engine, worker, supervisor and script as processes of their own, some of which are killed or
/// suspended: there is never a second copy of an attempt, and an end that nobody saw is called unknown and asked about.
/// </summary>
public sealed class ApartTests(ApartInstallation it) : IClassFixture<ApartInstallation>
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    // The server gives up a worker that is silent for 30 s; some more, for a machine under load.
    static readonly TimeSpan LongerThanTheHeartbeatLimit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task The_engine_is_killed_while_a_script_runs()
    {
        var run = await it.BegunAsync("engine-killed");

        await it.Engine.Program.KillAsync();
        await it.StartEngineAsync();
        run.GoOn();

        await SucceedsAsync(run);
    }

    [Fact]
    public async Task The_worker_is_killed_while_a_script_runs()
    {
        var run = await it.BegunAsync("worker-killed");

        await it.Worker.KillAsync();
        await it.StartWorkerAsync();
        run.GoOn();

        await SucceedsAsync(run);
    }

    [Fact]
    public async Task Engine_and_worker_are_killed_while_a_script_runs_and_end_it_together()
    {
        var run = await it.BegunAsync("both-killed");

        await Task.WhenAll(it.Worker.KillAsync(), it.Engine.Program.KillAsync());
        run.GoOn();
        await Eventually.TrueAsync("the script has ended", Soon, () => run.Log.Contains("end 1"));
        await it.StartEngineAsync();
        await it.StartWorkerAsync();

        await SucceedsAsync(run, "endedBeforeRetry");
    }

    [Fact, Trait("Category", "Long")]
    public async Task The_engine_is_away_while_the_script_ends()
    {
        var run = await it.BegunAsync("engine-away");

        await it.Engine.Program.KillAsync();
        run.GoOn();
        await Eventually.TrueAsync("the script has ended", Soon, () => run.Log.Contains("end 1"));
        await it.StartEngineAsync();

        await SucceedsAsync(run);
    }

    [Fact]
    public async Task The_supervisor_is_killed_and_a_person_is_asked_whether_to_try_again()
    {
        var run = await it.BegunAsync("supervisor-killed");
        var script = run.Pid;

        await KillAsync(it.SupervisorOf(run)!.Value);
        var question = await it.QuestionAsync(run);
        Assert.Contains("outcome unknown: the supervisor was killed while the script ran", question);
        Assert.False(IsRunning(script));
        run.GoOn();
        Assert.Equal(0, (await it.CommandAsync("approve", run.Id, "--reason", "twice does no harm")).ExitCode);

        Assert.Equal(["unknown", "succeeded"], Outcomes(await it.FinishedAsync(run)));
        Assert.Equal(["begin 1", "begin 2", "end 2"], run.Log);
    }

    [Theory, Trait("Category", "Long")]
    [InlineData("worker supervisor")]
    [InlineData("worker supervisor script")]
    [InlineData("engine worker supervisor")]
    [InlineData("engine worker supervisor script")]
    public async Task Whoever_is_killed_with_the_supervisor_the_outcome_is_unknown_and_no_copy_runs_before_somebody_answers(string victims)
    {
        var run = await it.BegunAsync(victims.Replace(' ', '-'));
        var script = run.Pid;
        var supervisor = it.SupervisorOf(run)!.Value;

        await Task.WhenAll(
            victims.Contains("engine") ? it.Engine.Program.KillAsync() : Task.CompletedTask,
            victims.Contains("worker") ? it.Worker.KillAsync() : Task.CompletedTask,
            KillAsync(supervisor), victims.Contains("script") ? KillAsync(script) : Task.CompletedTask);
        if (victims.Contains("engine"))
            await it.StartEngineAsync();
        await it.StartWorkerAsync();

        Assert.Contains("outcome unknown: the supervisor was killed", await it.QuestionAsync(run));
        Assert.False(IsRunning(script));
        Assert.Equal(["begin 1"], run.Log);
        Assert.Equal(0, (await it.CommandAsync("reject", run.Id)).ExitCode);
        var record = await it.FinishedAsync(run);
        Assert.Equal("failed", record.GetProperty("status").GetString());
        Assert.Equal(["unknown"], Outcomes(record));
        Assert.Equal(["begin 1"], run.Log);
    }

    [Fact, Trait("Category", "Long")]
    public async Task Worker_and_script_are_killed_and_the_signal_is_known()
    {
        var run = await it.BegunAsync("worker-script");

        await it.Worker.KillAsync();
        await KillAsync(run.Pid);
        await it.StartWorkerAsync();

        var record = await it.FinishedAsync(run);
        Assert.Equal(["failed"], Outcomes(record));
        Assert.Equal(9, record.GetProperty("steps")[0].GetProperty("attempts")[0].GetProperty("signal").GetInt32());
        Assert.Equal(["begin 1"], run.Log);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_run_that_is_cancelled_while_its_worker_is_dead_ends_its_script_when_the_worker_is_back()
    {
        var run = await it.BegunAsync("cancelled");
        var script = run.Pid;

        await it.Worker.KillAsync();
        Assert.Equal(0, (await it.CommandAsync("cancel", run.Id)).ExitCode);
        Assert.True(IsRunning(script));
        await it.StartWorkerAsync();

        var record = await it.FinishedAsync(run);
        Assert.Equal("cancelled", record.GetProperty("status").GetString());
        Assert.Equal(["cancelled"], Outcomes(record));
        Assert.False(IsRunning(script));
        Assert.Equal(["begin 1"], run.Log);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_run_that_is_terminated_while_its_worker_is_dead_leaves_no_script_and_no_folder()
    {
        var run = await it.BegunAsync("terminated");
        var script = run.Pid;

        await it.Worker.KillAsync();
        await using (var client = new EngineClient(it.Address))
            await client.TerminateAsync(run.Id);
        Assert.True(IsRunning(script));
        await it.StartWorkerAsync();

        await Eventually.TrueAsync("the script is ended", Soon, () => !IsRunning(script), () => it.Worker.Said);
        await Eventually.TrueAsync(
            "its folder is deleted", Soon, () => !Directory.EnumerateDirectories(it.AttemptsFolder, $"{run.Id}.*").Any(), () => it.Worker.Said);
        Assert.Equal(["begin 1"], run.Log);
    }

    [Fact, Trait("Category", "Long")]
    public async Task The_time_limit_is_kept_while_engine_and_worker_are_dead()
    {
        var run = await it.BegunAsync("limited", WatchedJob.Limited);
        var script = run.Pid;

        await Task.WhenAll(it.Worker.KillAsync(), it.Engine.Program.KillAsync());
        await Eventually.TrueAsync("the supervisor ends the script", Soon, () => !IsRunning(script));
        await it.StartEngineAsync();
        await it.StartWorkerAsync();

        Assert.Equal(["timedOut"], Outcomes(await it.FinishedAsync(run)));
        Assert.Equal(["begin 1"], run.Log);
    }

    [Fact, Trait("Category", "Long")]
    public async Task After_another_boot_the_outcome_is_unknown_and_asked_about()
    {
        var run = await it.BegunAsync("rebooted");
        var ticket = Path.Combine(it.AttemptsFolder, $"{run.Id}.work.1", "ticket.json");

        // What a reboot is for this host: nothing of the script, and the folder speaks of an earlier boot.
        await it.Worker.KillAsync();
        await Programs.MustAsync("kill", "-9", "--", $"-{it.SupervisorOf(run)}");
        var earlier = JsonNode.Parse(await File.ReadAllTextAsync(ticket))!;
        earlier["era"]!["bootId"] = "an earlier boot";
        await File.WriteAllTextAsync(ticket, earlier.ToJsonString());
        await it.StartWorkerAsync();

        Assert.Contains("the host or its container was restarted", await it.QuestionAsync(run));
        run.GoOn();
        Assert.Equal(0, (await it.CommandAsync("approve", run.Id)).ExitCode);
        Assert.Equal(["unknown", "succeeded"], Outcomes(await it.FinishedAsync(run)));
        Assert.Equal(["begin 1", "begin 2", "end 2"], run.Log);
    }

    [Theory, Trait("Category", "Long")]
    [InlineData("engine")]
    [InlineData("worker")]
    [InlineData("engine worker script")]
    public async Task Who_is_suspended_for_longer_than_the_heartbeat_limit_goes_on_with_the_same_script(string sleepers)
    {
        var run = await it.BegunAsync($"suspended-{sleepers.Replace(' ', '-')}");

        await SignalAsync("STOP");
        // Time itself is the subject: nothing else makes the server give a worker up.
        await Moment.OfAsync(LongerThanTheHeartbeatLimit);
        await SignalAsync("CONT");
        run.GoOn();

        await SucceedsAsync(run);

        async Task SignalAsync(string signal)
        {
            if (sleepers.Contains("script"))
                await Programs.MustAsync("kill", $"-{signal}", "--", $"-{it.SupervisorOf(run)}");
            if (sleepers.Contains("worker"))
                await it.Worker.SignalAsync(signal);
            if (sleepers.Contains("engine"))
                await it.Engine.Program.SignalAsync(signal);
        }
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_worker_of_another_build_goes_on_with_the_script_of_this_one()
    {
        var run = await it.BegunAsync("upgraded");
        var folder = Directory.CreateDirectory(it.Path("next-build")).FullName;
        await Programs.MustAsync("cp", "-r", $"{Path.GetDirectoryName(Repository.Program)}/.", folder);

        Assert.Equal(0, await it.Worker.StopAsync());
        await it.StartWorkerAsync(Path.Combine(folder, "maintenance.dll"));
        run.GoOn();

        await SucceedsAsync(run);
    }

    async Task SucceedsAsync(WatchedJob run, string? recovery = null)
    {
        var record = await it.FinishedAsync(run);
        Assert.True(record.GetProperty("status").GetString() == "succeeded", $"{record}\n{it.Worker.Said}");
        Assert.Equal(["succeeded"], Outcomes(record));
        Assert.Equal(["begin 1", "end 1"], run.Log);
        if (recovery is not null)
            Assert.Equal(recovery, record.GetProperty("steps")[0].GetProperty("attempts")[0].GetProperty("recovery").GetString());
    }

    static IEnumerable<string> Outcomes(JsonElement record) =>
        record.GetProperty("steps")[0].GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("outcome").GetString()!);

    static Task KillAsync(int pid) => Programs.MustAsync("kill", "-9", $"{pid}");

    static bool IsRunning(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}

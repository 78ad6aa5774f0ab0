using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary><c>maintenance apply --watch</c> on a git checkout that something pulls, as a process beside <c>up</c>.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    readonly Installation _there = new();
    GitCheckout _git = null!;
    ScheduleClient _server = null!;
    RunningProgram _watch = null!;

    public async ValueTask InitializeAsync()
    {
        await _there.StartAsync();
        _server = new ScheduleClient($"127.0.0.1:{_there.Port}");
        _git = new GitCheckout(Directory.CreateDirectory(_there.Path("git")).FullName);
        await _git.CreateAsync(
        [
            ("jobs/work/job.json", """{ "steps": [ { "name": "only", "run": "work.sh" } ] }"""), ("jobs/work/work.sh", "#!/bin/sh\necho work\n"),
            ("schedules.json", File("first", "keeps")),
        ]);
        _watch = RunningProgram.Start(["apply", "--watch", .. Flags], _there.Folder, _there.Environment);
        await _watch.SaysAsync("watching", Soon);
        await OnServerAsync("first", "keeps");
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _server.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task A_pulled_commit_is_applied_with_its_name_and_a_bad_one_leaves_the_last_good_one_in_force()
    {
        await _git.PushAsync([("schedules.json", File("second", "keeps"))]);
        var good = await _git.PullAsync();
        await OnServerAsync("second", "keeps");
        await Eventually.TrueAsync("the schedule names the commit", Soon, async () => await CommitOfAsync("second") == good, () => $"{good}\n{_watch.Said}");

        await _git.PushAsync([("schedules.json", File("third", "keeps").Replace("4 29 2", "4 29 13", StringComparison.Ordinal))]);
        await _git.PullAsync();
        await _watch.SaysAsync("what was applied before goes on", Soon);
        Assert.Contains("SCH023", _watch.Said);
        Assert.Contains("schedules.json:1:", _watch.Said);
        Assert.Contains("what was applied before goes on", (await _there.CommandAsync("status")).Output);
        await OnServerAsync("second", "keeps");
        Assert.Equal(good, await CommitOfAsync("second"));

        await _git.PushAsync([("schedules.json", File("fourth", "keeps"))]);
        await _git.PullAsync();
        await OnServerAsync("fourth", "keeps");
        Assert.DoesNotContain("what was applied before goes on", (await _there.CommandAsync("status")).Output);
        Assert.Equal(0, await _watch.StopAsync());
    }

    [Fact]
    public async Task A_script_that_was_made_executable_is_a_change()
    {
        var script = Path.Combine(Path.GetDirectoryName(_git.SchedulesFile)!, "jobs/work/work.sh");
        await Programs.MustAsync("chmod", "a-x", script);
        await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, File("second", "keeps"));
        await _watch.SaysAsync("JOB025", Soon);

        await Programs.MustAsync("chmod", "a+x", script);

        await OnServerAsync("second", "keeps");
    }

    [Fact]
    public async Task Files_that_are_bad_when_the_watch_ends_are_its_exit_code()
    {
        await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, "{ \"schedules\": [ {");
        await _watch.SaysAsync("what was applied before goes on", Soon);

        Assert.Equal(65, await _watch.StopAsync());
        await OnServerAsync("first", "keeps");
    }

    [Fact]
    public async Task A_file_that_is_replaced_by_another_of_the_same_length_and_time_is_applied()
    {
        var time = System.IO.File.GetLastWriteTimeUtc(_git.SchedulesFile);
        var other = _git.SchedulesFile + ".new";
        await System.IO.File.WriteAllTextAsync(other, File("FIRST", "keeps"));
        System.IO.File.SetLastWriteTimeUtc(other, time);
        Assert.Equal(new FileInfo(_git.SchedulesFile).Length, new FileInfo(other).Length);

        System.IO.File.Move(other, _git.SchedulesFile, overwrite: true);

        await OnServerAsync("FIRST", "keeps");
    }

    /// <summary>A file that is a whole one at each moment, and each time another: as an editor or a copy over the network leaves it on its way.</summary>
    [Fact]
    public async Task A_file_that_keeps_changing_is_applied_when_it_has_come_to_rest()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var seen = new HashSet<string>();
        for (var written = 0; written < 25; written++)
        {
            await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, File($"way-{written}", "keeps"));
            seen.UnionWith((await _server.ListAsync()).Keys);
            await pause.WaitForNextTickAsync();
        }

        await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, File("rest", "keeps"));
        await OnServerAsync("rest", "keeps");

        Assert.Equal(["first", "keeps"], seen.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The moment in which git has taken a file away and not yet written the one that its schedules move to. What lies there is right in itself, and would
    /// delete every schedule that moves.
    /// </summary>
    [Fact, Trait("Category", "Long")]
    public async Task While_git_holds_the_checkout_nothing_half_done_is_applied_and_a_lock_that_stays_is_said_loudly()
    {
        await System.IO.File.WriteAllTextAsync(_git.Lock, "");
        await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, File("keeps"));

        await _watch.SaysAsync("SCH045", TimeSpan.FromSeconds(120));
        Assert.Contains("index.lock", _watch.Said);
        Assert.Contains("Git has been changing these files since", (await _there.CommandAsync("status")).Output);
        await OnServerAsync("first", "keeps");

        await System.IO.File.WriteAllTextAsync(_git.SchedulesFile, File("moved", "keeps"));
        System.IO.File.Delete(_git.Lock);
        await OnServerAsync("moved", "keeps");
        await Eventually.TrueAsync("the alarm ends", Soon, async () => !(await _there.CommandAsync("status")).Output.Contains("Git has been", StringComparison.Ordinal));
    }

    async Task OnServerAsync(params string[] ids)
    {
        var found = new HashSet<string>();
        await Eventually.TrueAsync(
            $"the server has {string.Join(", ", ids)}", Soon, async () => (found = [.. (await _server.ListAsync()).Keys]).SetEquals(ids),
            () => $"{string.Join(", ", found)}\n{_watch.Said}");
    }

    async Task<string?> CommitOfAsync(string id) => ScheduleClient.Memo((await _server.DescribeAsync(id)).Schedule, "maintenance.gitCommit");

    static string File(params string[] ids) =>
        $$"""{ "timeZone": "UTC", "schedules": [ {{string.Join(", ", ids.Select(id => $$"""{ "id": "{{id}}", "job": "work", "cron": "1 4 29 2 *" }"""))}} ] }""";

    /// <summary>The installation of <c>up</c>, and files that <c>up</c> does not watch.</summary>
    IEnumerable<string> Flags => ["--data", _there.Data, "--schedules", _git.SchedulesFile];
}

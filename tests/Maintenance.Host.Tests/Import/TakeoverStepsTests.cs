using System.Globalization;
using Maintenance.Host.Cli;
using Maintenance.Host.Importing;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Settings;
using Maintenance.Host.Tests.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;

namespace Maintenance.Host.Tests.Import;

/// <summary>A takeover that ends between any two of its steps, and goes on when it is said again.</summary>
public sealed class TakeoverStepsTests : IDisposable
{
    const string Before = "# nightly\n30 3 * * * /srv/report --day $(date +\\%d)\n*/5 * * * * /srv/poll\n";
    const string Off = "# nightly\n# maintenance:report: 30 3 * * * /srv/report --day $(date +\\%d)\n*/5 * * * * /srv/poll\n";

    readonly string _folder = Directory.CreateTempSubdirectory("steps-").FullName;
    readonly FakeScheduleServer _server = new();
    readonly IRunStore _store;
    TemporalClient _client = null!;

    public TakeoverStepsTests() => _store = RunStores.Open(Path.Combine(_folder, "records.db"));

    string Crontab => Path.Combine(_folder, "tab");

    HostSettings Settings => new() { SchedulesFile = Path.Combine(_folder, "schedules.json"), JobsDirectory = Path.Combine(_folder, "jobs"), DataDirectory = Path.Combine(_folder, "data") };

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, 0, LineRunner.Cron)]
    [InlineData(false, 1, LineRunner.Nobody)]
    [InlineData(false, 2, LineRunner.Nobody)]
    [InlineData(false, 3, LineRunner.Here)]
    [InlineData(true, 0, LineRunner.Here)]
    [InlineData(true, 1, LineRunner.Here)]
    [InlineData(true, 2, LineRunner.Here)]
    [InlineData(true, 3, LineRunner.Nobody)]
    [InlineData(true, 4, LineRunner.Cron)]
    public async Task Cut_off_anywhere_never_both_run_it_that_nobody_does_is_said_and_again_goes_on(bool giveBack, int cut, object runner)
    {
        await StartAsync();
        if (giveBack)
            await DoAsync(Steps(giveBack: false));

        await DoAsync(Steps(giveBack).Take(cut));
        var state = await StateAsync();
        await DoAsync(Steps(giveBack));

        Assert.Equal((LineRunner)runner, state.Runner);
        Assert.Equal(state.Runner == LineRunner.Nobody, state.Wrong && state.Sentence.Contains("nobody runs it", StringComparison.Ordinal));
        Assert.Equal(giveBack ? LineRunner.Cron : LineRunner.Here, (await StateAsync()).Runner);
        Assert.Equal(giveBack ? Before : Off, await File.ReadAllTextAsync(Crontab, TestContext.Current.CancellationToken));
        Assert.All(Directory.GetFiles(Path.Combine(_folder, "data", "takeover"), "*-tab"), copy => Assert.Contains(File.ReadAllText(copy), new[] { Before, Off }));
        var plan = await ApplyAsync();
        Assert.Equal(giveBack, plan.Changes.Single(c => c.Id == "report").Paused);
    }

    [Fact]
    public async Task An_operators_pause_stays_through_a_takeover()
    {
        await StartAsync();
        _server.Pause("report", "anna: not now");

        await DoAsync(Steps(giveBack: false));
        await ApplyAsync();

        Assert.Equal(LineRunner.Paused, (await StateAsync()).Runner);
        Assert.Equal((true, "anna: not now"), (await _client.GetScheduleHandle("report").DescribeAsync()).Schedule.State is var state ? (state.Paused, state.Note) : default);
    }

    [Fact]
    public async Task Who_runs_what_is_said_also_when_a_line_was_switched_on_by_hand()
    {
        await StartAsync();
        await DoAsync(Steps(giveBack: false));

        var taken = await SayAsync("takeover");
        await File.WriteAllTextAsync(Crontab, "0 1 * * * new\n" + Before, TestContext.Current.CancellationToken);
        var both = await SayAsync("takeover");

        Assert.Equal(ExitCode.Ok, taken.ExitCode);
        Assert.Contains("report: runs here; line 2 of", taken.Output, StringComparison.Ordinal);
        Assert.Contains("poll: made of line 3 of", taken.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, both.ExitCode);
        Assert.Contains("! report: cron runs line 2 of", both.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_not_given_back_while_a_server_that_does_not_answer_might_start_it_too()
    {
        await StartAsync();
        await DoAsync(Steps(giveBack: false));
        var refused = await SayAsync("takeover", "report", "--undo", "--temporal", "127.0.0.1:1");
        var left = await File.ReadAllTextAsync(Crontab, TestContext.Current.CancellationToken);
        var forced = await SayAsync("takeover", "report", "--undo", "--without-server", "--temporal", "127.0.0.1:1");

        Assert.Equal((ExitCode.Unavailable, Off, ExitCode.Ok), (refused.ExitCode, left, forced.ExitCode));
        Assert.Contains("Nothing was changed", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(Before, await File.ReadAllTextAsync(Crontab, TestContext.Current.CancellationToken));
    }

    async Task StartAsync()
    {
        await File.WriteAllTextAsync(Crontab, Before);
        Assert.Equal(ExitCode.Ok, (await SayAsync("import", "--write", Crontab, "--time-zone", "UTC")).ExitCode);
        await _store.MigrateAsync(CancellationToken.None);
        _client = await TemporalClient.ConnectAsync(new(_server.Address));
        await ApplyAsync();
    }

    async Task<ReconcilePlan> ApplyAsync()
    {
        var desired = DesiredState.Load(Settings, DateTimeOffset.UtcNow);
        Assert.True(desired.Ok, string.Join("\n", desired.Problems));
        var reconciler = new Reconciler(_client, _store, new ReconcilerOptions { Installation = "here" }, TimeProvider.System);
        var plan = await reconciler.PlanAsync(desired.Value, drift: false, CancellationToken.None);
        await reconciler.ApplyAsync(plan, CancellationToken.None);
        return await reconciler.PlanAsync(desired.Value, drift: true, CancellationToken.None);
    }

    IReadOnlyList<TakeoverStep> Steps(bool giveBack)
    {
        var takeover = new Takeover(Settings, "report", ImportedFrom.Of(Settings.JobsDirectory, "report"), Crontab, new TakeoverServer(_client, "here"), _ => { });
        return giveBack ? takeover.GiveBack() : takeover.Take();
    }

    static async Task DoAsync(IEnumerable<TakeoverStep> steps)
    {
        foreach (var step in steps)
            await step.DoAsync(CancellationToken.None);
    }

    /// <summary>As <c>status</c> sees it, with the crontab taken for one that cron reads.</summary>
    async Task<TakeoverState> StateAsync()
    {
        var state = (await _client.GetScheduleHandle("report").DescribeAsync()).Schedule.State;
        var schedule = ScheduleFile.Read(await File.ReadAllTextAsync(Settings.SchedulesFile), "schedules.json").Value!.Find("report")!;
        var path = Path.Combine(_folder, "data", "takeover", "crontabs", "report");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, Crontab);
        return Assert.Single(TakeoverState.Of(Settings, [schedule], _ => state.Paused ? state.Note == ImportWriter.PausedReason ? false : null : true));
    }

    async Task<(int ExitCode, string Output, string Errors)> SayAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync([.. arguments, "--schedules", Settings.SchedulesFile, "--data", Settings.DataDirectory], new Terminal(output, errors));
        return (exitCode, output.ToString(), errors.ToString());
    }
}

using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>One worker.</summary>
[Trait("Category", "Long")]
public sealed class RandomKillTests(ApartInstallation it) : RandomKills(it), IClassFixture<ApartInstallation>;

/// <summary>Two workers that share the runs and one Postgres, which falls too.</summary>
[Trait("Category", "Long")]
public sealed class RandomKillsOfTwoWorkersTests(PairInstallation it) : RandomKills(it), IClassFixture<PairInstallation>;

/// <summary>
/// Rows of the table "The life of an attempt" that meet as a seed has it: workers, engine, supervisors and scripts are killed and suspended while
/// several runs are on their way.
/// </summary>
public abstract class RandomKills(ApartInstallation it)
{
    const int Runs = 4;

    // So many until each worker has begun one.
    const int RunsMax = 12;
    const int Blows = 25;
    const int KillsMin = 20;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    readonly int _seed = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
    readonly List<string> _blows = [];
    int _kills;

    [Fact]
    public async Task Whoever_falls_no_attempt_runs_twice_and_every_end_is_recorded_or_asked_about()
    {
        var random = new Random(_seed);
        var runs = new List<WatchedJob>();
        for (var i = 0; i < Runs || (i < RunsMax && !it.AllHaveTakenOne); i++)
            runs.Add(await it.BegunAsync($"run-{i}", i % 2 == 0 ? WatchedJob.Asking : WatchedJob.Again));
        Assert.True(it.AllHaveTakenOne);

        TestContext.Current.SendDiagnosticMessage("MAINTENANCE_TEST_SEED={0}", _seed);
        while (_blows.Count < Blows || _kills < KillsMin)
        {
            await Moment.OfAsync(TimeSpan.FromMilliseconds(random.Next(0, 800)));
            await BlowAsync(random, runs[random.Next(runs.Count)]);
        }

        foreach (var run in runs)
            run.GoOn();
        foreach (var run in runs)
            AssertHonest(run, await EndOfAsync(run));
    }

    async Task BlowAsync(Random random, WatchedJob run)
    {
        var attempt = run.Log.Count(line => line.StartsWith("begin", StringComparison.Ordinal));
        var supervisor = attempt == 0 ? null : it.SupervisorOf(run, attempt);
        var pause = TimeSpan.FromMilliseconds(random.Next(0, 1_500));
        var (blow, worker) = (random.Next(it.Postgres is null ? 8 : 9), random.Next(it.Workers));
        _blows.Add($"{blow} (worker {worker}) at {Path.GetFileName(run.Folder)} attempt {attempt}, {pause.TotalMilliseconds} ms");
        switch (blow)
        {
            case 0:
                await KillAsync(it.WorkerAt(worker));
                await Moment.OfAsync(pause);
                await it.StartWorkerAsync(number: worker);
                break;
            case 1:
                await KillAsync(it.Engine.Program);
                await Moment.OfAsync(pause);
                await it.StartEngineAsync();
                break;
            case 2:
                var all = Enumerable.Range(0, it.Workers).ToList();
                await Task.WhenAll([.. all.Select(n => KillAsync(it.WorkerAt(n))), KillAsync(it.Engine.Program)]);
                await Moment.OfAsync(pause);
                await it.StartEngineAsync();
                await Task.WhenAll(all.Select(n => it.StartWorkerAsync(number: n)));
                break;
            case 3:
                await it.WorkerAt(worker).SignalAsync("STOP");
                await Moment.OfAsync(pause);
                await it.WorkerAt(worker).SignalAsync("CONT");
                break;
            case 4 when supervisor is not null:
                // It may have ended by itself; then there is nobody to kill.
                _kills++;
                await Programs.RunAsync("kill", ["-9", $"{supervisor}"]);
                break;
            case 5 when supervisor is not null:
                _kills++;
                await Programs.RunAsync("kill", ["-9", "--", $"-{supervisor}"]);
                break;
            case 6 when supervisor is not null:
                await Programs.RunAsync("kill", ["-STOP", "--", $"-{supervisor}"]);
                await Moment.OfAsync(pause);
                await Programs.RunAsync("kill", ["-CONT", "--", $"-{supervisor}"]);
                break;
            case 8:
                await it.Postgres!.StopAsync();
                await Moment.OfAsync(pause);
                await it.Postgres.StartAsync();
                break;
            default:
                if (await it.OpenQuestionAsync(run) is not null)
                    await it.CommandAsync("approve", run.Id);
                break;
        }
    }

    async Task KillAsync(RunningProgram program)
    {
        Interlocked.Increment(ref _kills);
        await program.KillAsync();
    }

    /// <summary>Answers what is asked on the way.</summary>
    async Task<JsonElement> EndOfAsync(WatchedJob run) => (await Eventually.GetAsync(
        $"seed {_seed}: {Path.GetFileName(run.Folder)} is recorded as finished", Limit,
        async () =>
        {
            if (await it.OpenQuestionAsync(run) is not null)
                await it.CommandAsync("approve", run.Id);
            return await it.CommandAsync("show", run.Id, "--json") is { ExitCode: 0 } shown && JsonDocument.Parse(shown.Output) is var record
                && record.RootElement.GetProperty("status").GetString() != "running" ? record : null;
        },
        () => $"{string.Join('\n', _blows)}\n{string.Join('\n', run.Log)}\n{it.Said}")).RootElement;

    void AssertHonest(WatchedJob run, JsonElement record)
    {
        var story = $"seed {_seed}\n{string.Join('\n', _blows)}\n{string.Join('\n', run.Log)}\n{record}";
        var attempts = record.GetProperty("steps")[0].GetProperty("attempts").EnumerateArray().ToDictionary(
            a => a.GetProperty("number").GetInt32(), a => a.GetProperty("outcome").GetString()!);
        var log = run.Log;

        Assert.True(log.Distinct().Count() == log.Length && !log.Contains("double"), $"an attempt ran twice, or two at a time: {story}");
        Assert.True(log.All(line => attempts.ContainsKey(int.Parse(line.Split(' ')[1]))), $"an attempt is not recorded: {story}");
        foreach (var (number, outcome) in attempts)
            Assert.True(outcome != "succeeded" || log.Contains($"end {number}"), $"attempt {number} did not end: {story}");
        Assert.True(attempts.Values.All(o => o is "succeeded" or "unknown" or "failed"), $"an outcome that nobody caused: {story}");
        var asked = record.GetProperty("approvals").GetArrayLength();
        var unknown = attempts.Values.Count(outcome => outcome == "unknown");
        Assert.True(asked == (record.GetProperty("job").GetString() == WatchedJob.Asking ? unknown : 0), $"asked {asked} times, unknown {unknown}: {story}");
        Assert.True(attempts[attempts.Keys.Max()] == "succeeded" == (record.GetProperty("status").GetString() == "succeeded"), $"the run is not as its last attempt: {story}");
    }
}

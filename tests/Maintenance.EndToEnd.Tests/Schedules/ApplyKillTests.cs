using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>
/// kill -9 of <c>maintenance apply</c> at moments that nobody chose, against a running <c>up</c>, while commits bring, change and take away schedules
/// and operators pause some. The seed is told when it fails.
/// </summary>
public sealed class ApplyKillTests : IAsyncLifetime
{
    const string Foreign = "of-somebody-else";

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    readonly int _seed = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
    readonly Installation _there = new();
    readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);
    readonly List<string> _story = [];
    Random _random = null!;
    CheckedOut _files = null!;
    ScheduleClient _server = null!;
    TimeSpan _whole;
    int _halfDone;

    public async ValueTask InitializeAsync()
    {
        _random = new Random(_seed);
        _files = new CheckedOut(_random, Directory.CreateDirectory(_there.Path("checkout")).FullName);
        await _there.StartAsync();
        _server = new ScheduleClient($"127.0.0.1:{_there.Port}");
        await _server.CreateAsync(Foreign);
        _files.Commit();
        var started = TimeProvider.System.GetTimestamp();
        await ApplyAsync();
        _whole = TimeProvider.System.GetElapsedTime(started);
        // One that the product itself was told of; the others are held behind its back.
        var held = _files.Pick(1)[0];
        var pause = await Programs.RunAsync("dotnet", [Repository.Program, "pause", held, "--reason", "moves house", .. Flags], _there.Environment, folder: _there.Folder);
        Assert.True(pause.ExitCode == 0, pause.ToString());
        _notes[held] = (await _server.ListAsync())[held].Notes;
        Assert.Contains("moves house", _notes[held]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact, Trait("Category", "Long")]
    public Task Killed_at_eight_moments_apply_leaves_no_schedule_missing_and_the_next_one_finishes_it() => KillAsync(8);

    [Fact, Trait("Category", "Long")]
    public Task Killed_at_sixty_moments_apply_leaves_no_schedule_missing_and_the_next_one_finishes_it() => KillAsync(60);

    async Task KillAsync(int kills)
    {
        for (var kill = 0; kill < kills; kill++)
        {
            // A commit on top of what a killed apply left, or the same again.
            var commit = kill == 0 || _random.Next(3) > 0;
            foreach (var gone in commit ? _files.Commit() : [])
                _notes.Remove(gone);
            await KilledApplyAsync(kill);
            if (_random.Next(2) == 0 || kill == kills - 1)
                await FinishedAsync();
        }

        Assert.True(_halfDone > kills / 4, $"only {_halfDone} of {kills} kills met an apply half done: {Story()}");
    }

    async Task KilledApplyAsync(int kill)
    {
        var before = (await _server.ListAsync()).Keys.ToHashSet(StringComparer.Ordinal);
        await using var apply = RunningProgram.Start(["apply", .. Flags], _there.Folder, _there.Environment);
        // Anywhere in its life, or where it is in the middle of its work on the server.
        var inTheMiddle = kill % 4 != 0;
        if (inTheMiddle)
            await Eventually.TrueAsync("apply begins to change schedules", Soon, async () => !apply.Running || !before.SetEquals((await _server.ListAsync()).Keys), Story);
        var wait = inTheMiddle ? TimeSpan.FromMilliseconds(_random.Next(0, 120)) : _whole * _random.NextDouble();
        var operators = PauseAsync(before);
        await Moment.OfAsync(wait);
        var ended = !apply.Running;
        await apply.KillAsync();
        await operators;
        _story.Add($"kill {kill} {wait.TotalMilliseconds:0} ms {(inTheMiddle ? "after the first change" : "after the start")}{(ended ? ", when it had ended" : "")}");

        var after = (await _server.ListAsync()).Keys.ToHashSet(StringComparer.Ordinal);
        var missing = before.Where(id => _files.Minutes.ContainsKey(id) && !after.Contains(id)).ToList();
        Assert.True(missing.Count == 0, $"missing: {string.Join(' ', missing)}; {Story()}");
        Assert.Contains(Foreign, after);
        await AssertHeldAsync();
        if (!ended && !after.SetEquals(before) && !after.SetEquals(_files.Minutes.Keys.Append(Foreign)))
            _halfDone++;
    }

    /// <summary>Somebody holds two schedules in the Temporal UI while apply is at work, one that is there and stays.</summary>
    async Task PauseAsync(HashSet<string> there)
    {
        foreach (var id in _files.Pick(20).Where(there.Contains).Where(id => !_notes.ContainsKey(id)).Take(2))
        {
            await Moment.OfAsync(TimeSpan.FromMilliseconds(_random.Next(0, 100)));
            var note = $"held {_notes.Count}: the disk is full";
            await _server.PauseAsync(id, note);
            _notes[id] = note;
        }
    }

    async Task FinishedAsync()
    {
        await ApplyAsync();
        _story.Add("applied");
        var listed = await _server.ListAsync();
        Assert.True(_files.Minutes.Keys.Append(Foreign).ToHashSet(StringComparer.Ordinal).SetEquals(listed.Keys), Story());
        await AssertHeldAsync();
        await AssertAsWrittenAsync();
        foreach (var plan in new[] { await PlanAsync(), await PlanAsync("--drift") })
            Assert.True(plan.ExitCode == 0, $"{plan}\n{Story()}");
    }

    async Task AssertAsWrittenAsync()
    {
        var bundles = new List<string>();
        foreach (var (id, minute) in _files.Minutes)
        {
            var found = (await _server.DescribeAsync(id)).Schedule;
            var on = Assert.Single(found.Spec.StructuredCalendar);
            Assert.True((on.Minute.Single().Start, on.Hour.Single().Start) == (minute, 4), $"{id} is due at {on}, not at minute {minute}; {Story()}");
            if (ScheduleClient.Memo(found, "maintenance.bundle") is var bundle && !bundles.Contains(bundle ?? ""))
                bundles.Add(bundle ?? "");
        }

        Assert.True(bundles is [{ Length: > 0 }], $"{bundles.Count} bundles of one job: {Story()}");
    }

    async Task AssertHeldAsync()
    {
        var listed = await _server.ListAsync();
        // What the files took away may be there until an apply is not killed.
        var held = listed.Where(s => s.Value.Paused && _files.Minutes.ContainsKey(s.Key)).ToDictionary(s => s.Key, s => s.Value.Notes, StringComparer.Ordinal);
        Assert.True(
            _notes.All(n => held.GetValueOrDefault(n.Key) == n.Value) && held.Keys.All(_notes.ContainsKey),
            $"held {string.Join(", ", _notes)}; on the server {string.Join(", ", held)}; {Story()}");
    }

    async Task ApplyAsync()
    {
        var ended = await Programs.RunAsync("dotnet", [Repository.Program, "apply", .. Flags], _there.Environment, folder: _there.Folder);
        Assert.True(ended.ExitCode == 0, $"{ended}\n{Story()}");
    }

    Task<Ended> PlanAsync(params string[] more) =>
        Programs.RunAsync("dotnet", [Repository.Program, "plan", .. more, .. Flags], _there.Environment, folder: _there.Folder);

    string Story() => $"seed {_seed}\n{string.Join('\n', _story)}\n{_there.Up?.Said}";

    /// <summary>The installation of <c>up</c>, and files that <c>up</c> does not watch.</summary>
    IEnumerable<string> Flags => ["--data", _there.Data, "--schedules", _files.SchedulesFile];
}

using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>Lists of due times on the server come to an end: they are made anew long before, and people hear of it when they are not.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    const string Night = """ "id": "night", "cron": "30 2 * * *" """;

    static readonly DateTimeOffset _applied = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);

    readonly FakeScheduleServer _server = new();
    readonly QuickTime _time = new(_applied);
    Installation _here = null!;

    public async ValueTask InitializeAsync() => _here = await Installation.CreateAsync(_server.Address);

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_list_is_made_anew_each_quarter_while_the_files_stay_as_they_are()
    {
        _here.WriteSchedules(Night);
        var files = Files();
        await files.ApplyAndSayAsync(CancellationToken.None);
        Assert.DoesNotContain(2029, await YearsAsync());

        _time.Now = new DateTimeOffset(2027, 4, 1, 0, 0, 10, TimeSpan.Zero);
        await WatchUntilAsync(files, async () => _server.Calls("UpdateSchedule") == 1 && (await YearsAsync()).Contains(2029));
    }

    [Fact]
    public async Task A_list_of_which_half_is_used_up_is_an_alarm_that_ends_when_the_files_are_mended()
    {
        _here.WriteSchedules(Night);
        await Files().ApplyAndSayAsync(CancellationToken.None);
        _here.WriteSchedules(""" "id": "night", "cron": "30 25 * * *" """);
        _time.Now = _applied.AddDays(400);
        var files = Files();
        await files.ApplyAndSayAsync(CancellationToken.None);

        await WatchUntilAsync(files, async () => (await AlarmsAsync()).Contains("renewal"));
        _here.WriteSchedules(Night);
        await files.ApplyAndSayAsync(CancellationToken.None);
        _time.Now += TimeSpan.FromHours(2);
        await WatchUntilAsync(files, async () => !(await AlarmsAsync()).Contains("renewal"));

        Assert.Contains(2029, await YearsAsync());
    }

    [Fact]
    public async Task A_list_counts_as_overdue_from_its_half_on()
    {
        _here.WriteSchedules(Night, """ "id": "utc", "cron": "0 * * * *", "timeZone": "UTC" """);
        await Files().ApplyAndSayAsync(CancellationToken.None);
        var applied = await _here.Store.ListAppliedSchedulesAsync("here", CancellationToken.None);

        Assert.Empty(SpecRenewal.Overdue(applied, _applied.AddDays(330)));
        var overdue = Assert.Single(SpecRenewal.Overdue(applied, _applied.AddDays(350)));
        Assert.Equal(("night", new DateTimeOffset(2028, 10, 1, 0, 0, 0, TimeSpan.Zero)), (overdue.ScheduleId, overdue.EndsAt));
    }

    ScheduleFiles Files()
    {
        var records = new RecordsConnection(_here.Store, _time, NullLogger<RecordsConnection>.Instance);
        records.PrepareAsync(CancellationToken.None).GetAwaiter().GetResult();
        return new ScheduleFiles(_here.Settings, _here.Client, records, _time, NullLogger<ScheduleFiles>.Instance);
    }

    async Task WatchUntilAsync(ScheduleFiles files, Func<Task<bool>> seen)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var watch = files.WatchAsync(stop.Token);
        while (!await seen())
            await Task.Delay(20, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    async Task<IReadOnlyList<int>> YearsAsync() =>
    [
        .. (await _here.Client.GetScheduleHandle("night").DescribeAsync()).Schedule.Spec.Calendars
            .SelectMany(c => c.Year).SelectMany(y => Enumerable.Range(y.Start, y.End - y.Start + 1)).Distinct(),
    ];

    async Task<IReadOnlyList<string>> AlarmsAsync() => [.. (await _here.Store.ListAlarmsAsync("here", CancellationToken.None)).Select(a => a.Name)];

    /// <summary>A wall clock that is set, with timers that hardly wait.</summary>
    sealed class QuickTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
    }
}

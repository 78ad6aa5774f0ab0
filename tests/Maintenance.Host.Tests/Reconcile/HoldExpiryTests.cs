using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>How pauses and skips end by themselves.</summary>
public sealed class HoldExpiryTests : IAsyncLifetime
{
    readonly FakeScheduleServer _server = new();
    Installation _here = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await Installation.CreateAsync(_server.Address);
        _here.WriteSchedules(""" "id": "often", "cron": "*/10 * * * *", "catchUp": "1h" """);
        await _here.ApplyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_pause_goes_on_until_its_end_and_then_ends_once()
    {
        var until = await PauseAsync();

        await LookAsync(until.AddSeconds(-1));
        Assert.True(await IsPausedAsync());
        await LookAsync(until.AddSeconds(1));
        await LookAsync(until.AddSeconds(3));

        Assert.False(await IsPausedAsync());
        Assert.Single(_server.Patches, patch => patch.Unpause.Length > 0);
        Assert.All(_server.Patches, patch => Assert.Empty(patch.BackfillRequest));
        Assert.Empty(await _here.Store.ListHoldsAsync(new() { Installation = "here" }, CancellationToken.None));
    }

    [Fact]
    public async Task An_end_that_nobody_was_there_for_makes_up_and_resumes_in_one_call()
    {
        var until = await PauseAsync();
        var now = until.AddMinutes(25);

        await LookAsync(now);

        var patch = Assert.Single(_server.Patches, patch => patch.Unpause.Length > 0);
        var backfill = Assert.Single(patch.BackfillRequest);
        // The first full ten minutes after the end.
        Assert.Equal((until.AddMinutes(10 - (until.Minute % 10)), now), (backfill.StartTime.ToDateTimeOffset(), backfill.EndTime.ToDateTimeOffset()));
    }

    [Fact]
    public async Task A_look_that_is_cut_off_after_the_servers_answer_makes_nothing_up_again()
    {
        var until = await PauseAsync();
        using var killed = new CancellationTokenSource();
        _server.Done = _ =>
        {
            if (_server.Patches.Any(patch => patch.Unpause.Length > 0))
                killed.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LookAsync(until.AddMinutes(25), killed.Token));
        _server.Done = null;
        Assert.Single(await _here.Store.ListHoldsAsync(new() { Installation = "here" }, CancellationToken.None));
        await LookAsync(until.AddMinutes(26));

        Assert.Single(_server.Patches, patch => patch.BackfillRequest.Count > 0);
        Assert.Empty(await _here.Store.ListHoldsAsync(new() { Installation = "here" }, CancellationToken.None));
    }

    [Fact]
    public async Task It_waits_until_a_due_time_is_past_that_would_come_while_the_server_is_asked()
    {
        var due = await PauseAsync(untilJustBeforeDue: true);

        await LookAsync(due.AddMilliseconds(-300));
        Assert.True(await IsPausedAsync());
        await LookAsync(due.AddSeconds(2));

        Assert.Equal(due, Assert.Single(Assert.Single(_server.Patches, patch => patch.Unpause.Length > 0).BackfillRequest).StartTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task What_a_clock_that_was_set_back_comes_to_again_is_not_made_up_again()
    {
        var until = await PauseAsync();
        var due = until.AddMinutes(10 - (until.Minute % 10));
        OccurrenceRecord Told(DateTimeOffset at, OccurrenceStatus status, string? cause) => new()
        {
            Installation = "here", ScheduleId = "often", DueAt = at, LastDueAt = at, Count = 1, Status = status, Cause = cause, UpdatedAt = due,
        };
        await _here.Store.WriteLedgerAsync(
            new()
            {
                Installation = "here", From = null, Until = due.AddMinutes(12), SeenAt = due,
                Rows = [Told(due, OccurrenceStatus.Skipped, "overlap"), Told(due.AddMinutes(10), OccurrenceStatus.Due, null)],
            },
            CancellationToken.None);

        await LookAsync(due.AddMinutes(15));

        var backfill = Assert.Single(Assert.Single(_server.Patches, patch => patch.Unpause.Length > 0).BackfillRequest);
        Assert.Equal(due.AddMinutes(10), backfill.StartTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task A_pause_that_somebody_took_over_is_left_alone()
    {
        var until = await PauseAsync();
        await _here.Client.GetScheduleHandle("often").PauseAsync("mine now");

        await LookAsync(until.AddMinutes(1));

        Assert.True(await IsPausedAsync());
        Assert.Empty(await _here.Store.ListHoldsAsync(new() { Installation = "here" }, CancellationToken.None));
    }

    /// <returns>The end of the pause, or the due time that comes a second after it.</returns>
    async Task<DateTimeOffset> PauseAsync(bool untilJustBeforeDue = false)
    {
        var now = DateTimeOffset.UtcNow.AddHours(1);
        var full = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute / 10 * 10, 0, TimeSpan.Zero);
        var until = untilJustBeforeDue ? full.AddMinutes(10).AddSeconds(-1) : full.AddMinutes(3);
        await _here.Operators.PauseAsync("often", until, "the disk is full", CancellationToken.None);
        return untilJustBeforeDue ? until.AddSeconds(1) : until;
    }

    Task LookAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        new HoldExpiry(_here.Client, _here.Store, "here", new FixedTime(now), NullLogger.Instance).RunAsync(cancellationToken);

    async Task<bool> IsPausedAsync() => (await _here.Client.GetScheduleHandle("often").DescribeAsync()).Schedule.State.Paused;

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Tests.Reconcile;

public sealed class OccurrenceFateTests
{
    static readonly DateTimeOffset _twelve = new(2027, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Paused until 12:03, nobody there until 12:10: then 12:05 was made up, and the rest met a run that was going.</summary>
    [Theory]
    [InlineData(0, "paused")]
    [InlineData(5, "catch-up")]
    [InlineData(10, "overlap")]
    public void A_pause_that_ended_late_explains_only_what_was_due_before_its_end(int minute, string cause)
    {
        var hold = new ScheduleHold
        {
            Id = "h", ScheduleId = "often", Kind = HoldKind.Pause, Who = "ada", CreatedAt = _twelve.AddMinutes(-30), Until = _twelve.AddMinutes(3),
            EndedAt = _twelve.AddMinutes(10.5), EndedBy = HoldExpiry.By,
        };
        var run = new ScheduledRun
        {
            RunId = "r", WorkflowId = LedgerCauses.WorkflowId("often", _twelve.AddMinutes(5)), ScheduleId = "often", DueAt = _twelve.AddMinutes(5), Cause = RunCause.CatchUp,
            Status = RunStatus.Succeeded, StartedAt = _twelve.AddMinutes(10.5), FinishedAt = _twelve.AddMinutes(11),
        };

        var fate = OccurrenceFate.Of(Due(_twelve.AddMinutes(minute)), new() { Runs = [run], Holds = [hold] }, _twelve.AddHours(1));

        Assert.Equal(cause, fate?.Cause);
    }

    [Fact]
    public void A_pause_that_a_person_ended_in_the_very_instant_of_a_due_time_explains_that_it_has_no_run()
    {
        var hold = new ScheduleHold
        {
            Id = "h", ScheduleId = "often", Kind = HoldKind.Pause, Who = "ada", CreatedAt = _twelve.AddMinutes(-30), EndedAt = _twelve, EndedBy = "ada",
        };

        var fate = OccurrenceFate.Of(Due(_twelve), new() { Holds = [hold] }, _twelve.AddHours(1));

        Assert.Equal("paused", fate?.Cause);
    }

    /// <summary>
    /// Held from 12:20 to 12:40, the server away until 13:50, and now the hold still stands there: it explains the times in it, those before it have reasons
    /// of their own, and what is behind its end waits for it to be ended.
    /// </summary>
    [Theory]
    [InlineData(5, "down")]
    [InlineData(30, "paused")]
    [InlineData(45, null)]
    [InlineData(105, null)]
    public void A_pause_that_stands_on_the_server_explains_neither_what_was_due_before_it_nor_behind_its_end(int minute, string? cause)
    {
        var hold = new ScheduleHold
        {
            Id = "h", ScheduleId = "often", Kind = HoldKind.Pause, Who = "ada", CreatedAt = _twelve.AddMinutes(20), Until = _twelve.AddMinutes(40),
        };
        var evidence = new LedgerEvidence
        {
            Holds = [hold], Outages = [new() { BeganAt = _twelve, EndedAt = _twelve.AddMinutes(110), Reason = "away" }],
            Server = new() { Exists = true, Paused = true, Note = HoldText.Note(hold) },
        };

        var fate = OccurrenceFate.Of(Due(_twelve.AddMinutes(minute)), evidence, _twelve.AddMinutes(110));

        Assert.Equal(cause, fate?.Cause);
    }

    /// <summary>By the version in force it was excluded; somebody started it all the same, by a backfill of what came later.</summary>
    [Fact]
    public void A_run_that_exists_is_told_also_where_the_timing_has_none()
    {
        var run = new ScheduledRun
        {
            RunId = "r", WorkflowId = "often-x", ScheduleId = "often", DueAt = _twelve, Cause = RunCause.Backfill, Status = RunStatus.Succeeded, StartedAt = _twelve,
        };
        var excluded = Due(_twelve) with { Event = new TimingEvent(_twelve.ToUnixTimeSeconds(), TimingEventKind.Excluded) };

        var fate = OccurrenceFate.Of(excluded, new() { Runs = [run] }, _twelve.AddHours(1));

        Assert.Equal((OccurrenceStatus.Ran, "r"), (fate!.Status, fate.RunId));
    }

    static LedgerEvent Due(DateTimeOffset at)
    {
        const string json = """{ "id": "often", "job": "j", "cron": "*/5 * * * *", "timeZone": "UTC" }""";
        var applied = new AppliedSchedule
        {
            Installation = "here", ScheduleId = "often", Job = "j", SourceJson = json, SpecHash = "1", ContentHash = "1", AppliedAt = _twelve.AddDays(-1),
        };
        return new LedgerEvent(
            "often", at, new ScheduleVersion(applied, ScheduleFile.ReadResolved(json).Value!), new TimingEvent(at.ToUnixTimeSeconds(), TimingEventKind.Due));
    }
}

using System.Text;

namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    [Fact]
    public async Task A_bundle_is_stored_once_and_becomes_current_when_told()
    {
        var bundle = ABundle("backup", "one");
        await Store.PutBundleAsync(bundle, Token);
        await Store.PutBundleAsync(bundle, Token);
        Assert.Null(await Store.GetCurrentBundleAsync("backup", Token));

        var current = new CurrentBundle { Job = "backup", Hash = bundle.Hash, GitCommit = "c", SetAt = Some.Start, SetBy = "ada" };
        await Store.SetCurrentBundleAsync(current, Token);

        Same(bundle, await Store.GetBundleAsync(bundle.Hash, Token));
        Assert.Equal(current, await Store.GetCurrentBundleAsync("backup", Token));
        Assert.Null(await Store.GetBundleAsync("nothing", Token));
    }

    [Fact]
    public async Task Jobs_are_listed_by_name_with_their_newest_bundle()
    {
        foreach (var (job, text) in new[] { ("b", "1"), ("a", "2"), ("b", "3") })
        {
            await Store.PutBundleAsync(ABundle(job, text), Token);
            await Store.SetCurrentBundleAsync(new() { Job = job, Hash = ABundle(job, text).Hash, SetAt = Some.Start }, Token);
        }

        Assert.Equal(
            [("a", ABundle("a", "2").Hash), ("b", ABundle("b", "3").Hash)],
            (await Store.ListJobsAsync(Token)).Select(current => (current.Job, current.Hash)));

        await Store.RemoveJobAsync("a", Token);
        Assert.Equal(["b"], (await Store.ListJobsAsync(Token)).Select(current => current.Job));
    }

    [Fact]
    public async Task A_bundle_that_is_not_what_its_hash_says_or_too_large_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => Store.PutBundleAsync(ABundle("backup", "one") with { Hash = new string('0', 64) }, Token));
        var large = new byte[BundleRecord.ContentBytesMax + 1];
        await Assert.ThrowsAsync<ArgumentException>(
            () => Store.PutBundleAsync(ABundle("backup", "x") with { Content = large, Hash = BundleRecord.HashOf(large) }, Token));
    }

    [Fact]
    public async Task A_job_cannot_point_to_a_bundle_that_is_not_stored() =>
        await Assert.ThrowsAnyAsync<Exception>(
            () => Store.SetCurrentBundleAsync(new() { Job = "backup", Hash = "missing", SetAt = Some.Start }, Token));

    [Fact]
    public async Task Audit_records_are_appended_once_and_listed_newest_first()
    {
        var approve = new AuditRecord
        {
            Id = "1",
            At = Some.Start,
            Who = "ada",
            Verified = true,
            Action = "approve",
            Subject = "run:r1",
            Reason = "ok",
            DetailJson = """{"step":"sign-off"}""",
        };
        var cancel = approve with { Id = "2", At = Some.Start.AddMinutes(1), Who = "bob", Action = "cancel" };
        foreach (var record in new[] { approve, cancel, approve with { Who = "mallory" } })
            await Store.AppendAuditAsync(record, Token);

        Assert.Equal([cancel, approve], await Store.ListAuditAsync(new() { Subject = "run:r1" }, Token));
        Assert.Equal([approve], await Store.ListAuditAsync(new() { Who = "ada" }, Token));
        Assert.Equal([cancel], await Store.ListAuditAsync(new() { Since = cancel.At }, Token));
        Assert.Equal([cancel], await Store.ListAuditAsync(new() { Limit = 1 }, Token));
    }

    [Fact]
    public async Task An_applied_schedule_comes_back_to_the_letter()
    {
        var applied = Some.Applied("s1", "c1", Some.Start) with
        {
            BundleHash = "b",
            GitCommit = "g",
            TimeZoneVersion = "2026b",
            AppliedBy = "ada",
        };

        await Store.PutAppliedScheduleAsync(applied, Token);

        Assert.Equal(applied, await Store.GetAppliedScheduleAsync("default", "s1", Token));
        Assert.Null(await Store.GetAppliedScheduleAsync("other", "s1", Token));
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing_and_a_change_keeps_the_version_before()
    {
        var day = TimeSpan.FromDays(1);
        await Store.PutAppliedScheduleAsync(Some.Applied("s1", "c1", Some.Start), Token);
        await Store.PutAppliedScheduleAsync(Some.Applied("s1", "c1", Some.Start + day), Token);
        await Store.PutAppliedScheduleAsync(Some.Applied("s1", "c2", Some.Start + 2 * day), Token);
        await Store.PutAppliedScheduleAsync(Some.Applied("s0", "x", Some.Start), Token);

        Assert.Equal(["s0", "s1"], (await Store.ListAppliedSchedulesAsync("default", Token)).Select(schedule => schedule.ScheduleId));
        Assert.Equal(
            [("c1", Some.Start, Some.Start + 2 * day), ("c2", Some.Start + 2 * day, null)],
            await VersionsAsync(Some.Start));
        Assert.Equal([("c2", Some.Start + 2 * day, null)], await VersionsAsync(Some.Start + 2 * day));
    }

    [Fact]
    public async Task A_deleted_schedule_is_not_in_force_but_remembered_and_may_come_back()
    {
        await Store.PutAppliedScheduleAsync(Some.Applied("s1", "c1", Some.Start), Token);
        await Store.DeleteAppliedScheduleAsync("default", "s1", Some.Start.AddDays(1), Token);
        Assert.Empty(await Store.ListAppliedSchedulesAsync("default", Token));

        await Store.PutAppliedScheduleAsync(Some.Applied("s1", "c1", Some.Start.AddDays(2)), Token);

        Assert.Equal(
            [("c1", Some.Start, Some.Start.AddDays(1)), ("c1", Some.Start.AddDays(2), null)],
            await VersionsAsync(Some.Start));
    }

    [Fact]
    public async Task Appliers_at_once_leave_one_version_in_force()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(
            () => Store.PutAppliedScheduleAsync(Some.Applied("s1", $"c{i}", Some.Start.AddSeconds(i)), Token))));

        var versions = await Store.ListAppliedVersionsAsync("default", "s1", DateTimeOffset.MinValue.AddYears(1), Token);
        Assert.Single(versions, version => version.ReplacedAt is null);
        Assert.Equal(10, versions.Select(version => version.ContentHash).Distinct().Count());
    }

    [Fact]
    public async Task An_occurrence_is_one_row_that_follows_its_fate()
    {
        var due = new OccurrenceRecord { ScheduleId = "s1", DueAt = Some.Start, Status = OccurrenceStatus.Due, UpdatedAt = Some.Start };
        var ran = due with
        {
            Status = OccurrenceStatus.RanLate,
            Cause = "host-down",
            Reason = "The host was down.",
            RunId = "r1",
            StartedAt = Some.Start.AddMinutes(9),
            SpecHash = "h",
            TimeZoneVersion = "2026b",
        };
        var missed = due with
        {
            DueAt = Some.Start.AddHours(1),
            LastDueAt = Some.Start.AddHours(8),
            Count = 8,
            Status = OccurrenceStatus.Missed,
        };
        await WriteAsync(null, Some.Start, due);

        await WriteAsync(Some.Start, Some.Start.AddHours(9), missed, ran);

        Assert.Equal([ran with { LastDueAt = ran.DueAt }, missed], await Store.ListOccurrencesAsync(new() { ScheduleId = "s1" }, Token));
        Assert.Equal([missed], await Store.ListOccurrencesAsync(new() { Status = OccurrenceStatus.Missed }, Token));
        Assert.Equal([missed], await Store.ListOccurrencesAsync(new() { From = Some.Start.AddHours(2) }, Token));
        Assert.Equal(missed, (await Store.ListOccurrencesAsync(new() { NewestFirst = true, Limit = 1 }, Token)).Single());
        Assert.Empty(await Store.ListOccurrencesAsync(new() { Until = Some.Start }, Token));
        Assert.Empty(await Store.ListOccurrencesAsync(new() { Installation = "other" }, Token));
    }

    [Fact]
    public async Task A_ledger_that_somebody_else_carried_on_is_not_written_to()
    {
        var due = new OccurrenceRecord { ScheduleId = "s1", DueAt = Some.Start, Status = OccurrenceStatus.Due, UpdatedAt = Some.Start };
        Assert.Null(await Store.GetLedgerStateAsync("default", Token));
        Assert.True(await WriteAsync(null, Some.Start.AddMinutes(1), due));
        Assert.False(await WriteAsync(null, Some.Start.AddMinutes(1), due with { ScheduleId = "s2" }));
        Assert.True(await WriteAsync(Some.Start.AddMinutes(1), Some.Start.AddMinutes(2)));

        Assert.False(await WriteAsync(Some.Start.AddMinutes(1), Some.Start.AddMinutes(3), due with { ScheduleId = "s3" }));

        Assert.Equal(new LedgerState(Some.Start.AddMinutes(2), Some.Start), await Store.GetLedgerStateAsync("default", Token));
        Assert.Equal(["s1"], (await Store.ListOccurrencesAsync(new() { Open = true }, Token)).Select(row => row.ScheduleId));
    }

    [Fact]
    public async Task Rows_that_became_part_of_another_one_go_with_the_same_write()
    {
        var first = new OccurrenceRecord { ScheduleId = "s1", DueAt = Some.Start, Status = OccurrenceStatus.Due, UpdatedAt = Some.Start };
        var second = first with { DueAt = Some.Start.AddHours(1) };
        await WriteAsync(null, Some.Start, first, second);
        var both = first with { LastDueAt = second.DueAt, Count = 2, Status = OccurrenceStatus.Skipped, Cause = "paused" };
        var outage = new Outage { BeganAt = Some.Start, EndedAt = Some.Start.AddHours(2), Reason = "nothing ran here" };

        await Store.WriteLedgerAsync(
            new()
            {
                From = Some.Start,
                Until = Some.Start.AddHours(2),
                SeenAt = Some.Start,
                Merged = [new("s1", second.DueAt)],
                Rows = [both],
                Outage = outage,
            },
            Token);

        Assert.Equal([both], await Store.ListOccurrencesAsync(new(), Token));
        Assert.Equal([outage], await Store.ListOutagesAsync("default", Some.Start.AddHours(2), Token));
        Assert.Empty(await Store.ListOutagesAsync("default", Some.Start.AddHours(3), Token));
    }

    [Fact]
    public async Task Runs_of_schedules_are_found_by_start_and_by_id()
    {
        var old = Some.FullRun("old");
        var later = Some.RunningRun("later", startedAt: Some.Start.AddHours(1)) with { Installation = "site-1", ScheduleId = "nightly" };
        await Store.FinishRunAsync(old, [], Token);
        await Store.OpenRunAsync(later, Token);
        await Store.OpenRunAsync(later with { RunId = "manual", ScheduleId = null }, Token);

        Assert.Equal(["later"], await RunsAsync());
        Assert.Equal(["old", "later"], await RunsAsync("old", "later"));
        var found = (await Store.ListScheduledRunsAsync("site-1", Some.Start.AddHours(2), ["old"], Token)).Single();
        Assert.Equal(
            ("wf-old", "nightly", old.DueAt, RunCause.CatchUp, RunStatus.Failed, old.StartedAt, old.FinishedAt),
            (found.WorkflowId, found.ScheduleId, found.DueAt, found.Cause, found.Status, found.StartedAt, found.FinishedAt));

        async Task<IEnumerable<string>> RunsAsync(params string[] ids) =>
            (await Store.ListScheduledRunsAsync("site-1", Some.Start.AddMinutes(30), ids, Token)).Select(run => run.RunId);
    }

    [Fact]
    public async Task All_versions_of_all_schedules_are_listed_and_their_stamp_tells_a_change()
    {
        var empty = await Store.GetAppliedStampAsync("default", Token);
        await Store.PutAppliedScheduleAsync(Some.Applied("b", "c1", Some.Start), Token);
        await Store.PutAppliedScheduleAsync(Some.Applied("a", "c1", Some.Start), Token);
        var two = await Store.GetAppliedStampAsync("default", Token);
        await Store.DeleteAppliedScheduleAsync("default", "a", Some.Start.AddDays(1), Token);
        var deleted = await Store.GetAppliedStampAsync("default", Token);

        Assert.Equal(3, new[] { empty, two, deleted }.Distinct().Count());
        Assert.Equal(deleted, await Store.GetAppliedStampAsync("default", Token));
        Assert.Equal(["a", "b"], (await Store.ListAppliedHistoryAsync("default", Some.Start, Token)).Select(version => version.ScheduleId));
        Assert.Equal(["b"], (await Store.ListAppliedHistoryAsync("default", Some.Start.AddDays(1), Token)).Select(version => version.ScheduleId));
    }

    [Fact]
    public async Task A_hold_stays_as_it_was_made_but_for_its_end()
    {
        var pause = new ScheduleHold
        {
            Id = "h1", ScheduleId = "s1", Kind = HoldKind.Pause, Who = "ada", Reason = "disk", CreatedAt = Some.Start, Until = Some.Start.AddHours(2),
        };
        var extra = pause with { Id = "h2", Kind = HoldKind.RunAt, WorkflowId = "w", CreatedAt = Some.Start.AddMinutes(1), Count = 1 };
        await Store.PutHoldAsync(pause, Token);
        await Store.PutHoldAsync(extra, Token);
        Assert.Equal([pause, extra], await Store.ListHoldsAsync(new() { ScheduleId = "s1" }, Token));

        var ended = pause with { EndedAt = Some.Start.AddHours(2), EndedBy = "expiry" };
        await Store.PutHoldAsync(ended with { Who = "mallory" }, Token);

        Assert.Equal([extra], await Store.ListHoldsAsync(new(), Token));
        Assert.Equal([ended, extra], await Store.ListHoldsAsync(new() { EndedSince = Some.Start.AddHours(2) }, Token));
        Assert.Equal([extra], await Store.ListHoldsAsync(new() { EndedSince = Some.Start.AddHours(3) }, Token));
        Assert.Empty(await Store.ListHoldsAsync(new() { Installation = "other" }, Token));
    }

    [Fact]
    public async Task An_alarm_keeps_its_beginning_until_it_is_cleared()
    {
        var alarm = new Alarm { Name = "files:h1", Message = "bad", Since = Some.Start, SeenAt = Some.Start };
        await Store.RaiseAlarmAsync(alarm, Token);
        await Store.RaiseAlarmAsync(alarm with { Message = "worse", Since = Some.Start.AddHours(1), SeenAt = Some.Start.AddHours(1) }, Token);
        Assert.Equal([alarm with { Message = "worse", SeenAt = Some.Start.AddHours(1) }], await Store.ListAlarmsAsync("default", Token));

        await Store.ClearAlarmAsync("default", "files:h1", Token);

        Assert.Empty(await Store.ListAlarmsAsync("default", Token));
    }

    [Fact]
    public async Task A_lease_has_one_holder_until_it_is_over_or_given_back()
    {
        var minute = TimeSpan.FromMinutes(1);
        Assert.True(await TakeAsync("one", Some.Start));
        Assert.True(await TakeAsync("one", Some.Start.AddSeconds(30)));
        Assert.False(await TakeAsync("two", Some.Start.AddSeconds(80)));
        Assert.True(await TakeAsync("two", Some.Start.AddSeconds(90)));

        await Store.ReleaseLeaseAsync("ledger", "one", Token);
        Assert.False(await TakeAsync("one", Some.Start.AddSeconds(91)));
        await Store.ReleaseLeaseAsync("ledger", "two", Token);
        Assert.True(await TakeAsync("one", Some.Start.AddSeconds(92)));

        Task<bool> TakeAsync(string holder, DateTimeOffset now) => Store.TryTakeLeaseAsync("ledger", holder, now, minute, Token);
    }

    Task<bool> WriteAsync(DateTimeOffset? from, DateTimeOffset until, params OccurrenceRecord[] rows) =>
        Store.WriteLedgerAsync(new() { From = from, Until = until, SeenAt = Some.Start, Rows = rows }, Token);

    async Task<IEnumerable<(string Content, DateTimeOffset From, DateTimeOffset? Until)>> VersionsAsync(DateTimeOffset since) =>
        (await Store.ListAppliedVersionsAsync("default", "s1", since, Token))
        .Select(version => (version.ContentHash, version.AppliedAt, version.ReplacedAt));

    static BundleRecord ABundle(string job, string text)
    {
        var content = Encoding.UTF8.GetBytes(job + text);
        return new() { Hash = BundleRecord.HashOf(content), Job = job, GitCommit = "c", CreatedAt = Some.Start, Content = content };
    }
}

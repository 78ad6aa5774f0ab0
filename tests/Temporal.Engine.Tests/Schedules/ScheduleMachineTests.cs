using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Tests.Schedules;

public sealed class ScheduleMachineTests
{
    [Fact]
    public void Runs_start_at_their_due_times_under_the_id_with_the_nominal_time()
    {
        var bench = new MachineBench();
        bench.RunTo(60);
        Assert.Equal("run-2026-03-01T00:01:00Z", Assert.Single(bench.Starts).WorkflowId);
        Assert.Equal(MachineBench.At(120), bench.Machine.NextWakeUp);
    }

    [Fact]
    public void A_due_time_during_a_run_is_skipped_and_counted()
    {
        var bench = new MachineBench();
        bench.RunTo(180);
        Assert.Equal([60], bench.Started);
        Assert.Equal(2, bench.Info.OverlapSkipped);
        bench.End(60);
        bench.RunTo(240);
        Assert.Equal([60, 240], bench.Started);
    }

    [Fact]
    public void With_buffer_one_the_first_waiting_start_is_kept()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.BufferOne);
        bench.RunTo(240);
        Assert.Equal((1, 2L), (bench.Waiting, bench.Info.OverlapSkipped));
        bench.End(60);
        Assert.Equal([60, 120], bench.Started);
    }

    [Fact]
    public void With_buffer_all_every_start_comes_to_its_turn()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.BufferAll);
        bench.RunTo(180);
        bench.End(60);
        bench.End(120);
        Assert.Equal([60, 120, 180], bench.Started);
        Assert.Equal(0, bench.Waiting);
    }

    [Fact]
    public void Allow_all_starts_side_by_side_and_tracks_none()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll);
        bench.RunTo(180);
        Assert.Equal([60, 120, 180], bench.Started);
        Assert.Empty(bench.Info.RunningWorkflows);
    }

    [Fact]
    public void Cancel_other_waits_for_the_end_and_starts_the_newest_only()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.CancelOther);
        bench.RunTo(240);
        Assert.Equal([60], bench.Started);
        Assert.NotEmpty(bench.Cancelled);
        bench.End(60, WorkflowExecutionStatus.Canceled);
        Assert.Equal([60, 240], bench.Started);
    }

    [Fact]
    public void Terminate_other_replaces_at_once()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.TerminateOther);
        bench.RunTo(180);
        Assert.Equal([60, 120, 180], bench.Started);
        Assert.Equal(2, bench.Terminated.Count);
        Assert.Equal("run-2026-03-01T00:03:00Z", Assert.Single(bench.Info.RunningWorkflows).WorkflowId);
    }

    [Fact]
    public void After_an_absence_what_is_within_the_window_starts_and_the_rest_is_missed_once()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll, change: s => s.Policies.CatchupWindow = new() { Seconds = 120 });
        bench.SleepTo(600);
        bench.Machine.Wake(bench.Now);
        bench.Machine.Wake(bench.Now);
        Assert.Equal([480, 540, 600], bench.Started);
        Assert.Equal(7, bench.Info.MissedCatchupWindow);
    }

    [Fact]
    public void The_catch_up_window_is_at_least_ten_seconds()
    {
        var bench = new MachineBench(every: 5, overlap: ScheduleOverlapPolicy.AllowAll, change: s => s.Policies.CatchupWindow = new() { Seconds = 1 });
        bench.SleepTo(30);
        bench.Machine.Wake(bench.Now);
        Assert.Equal([20, 25, 30], bench.Started);
    }

    [Fact]
    public void A_catch_up_of_a_year_is_worked_off_in_turns()
    {
        var bench = new MachineBench(every: 1, change: s => s.Policies.CatchupWindow = new() { Seconds = 60 });
        bench.SleepTo(250_000);
        bench.Machine.Wake(bench.Now);
        Assert.True(bench.Info.MissedCatchupWindow < 200_000);
        bench.RunTo(250_000.1);
        Assert.Equal(250_000, bench.Info.MissedCatchupWindow + bench.Info.ActionCount + bench.Info.OverlapSkipped);
    }

    [Fact]
    public void What_was_due_in_a_pause_is_forgotten()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll);
        bench.RunTo(60);
        bench.Patch(new() { Pause = "down" });
        Assert.Null(bench.Machine.NextWakeUp);
        bench.SleepTo(310);
        bench.Patch(new() { Unpause = "up" });
        bench.RunTo(360);
        Assert.Equal([60, 360], bench.Started);
        Assert.Equal((0L, "up"), (bench.Info.MissedCatchupWindow, bench.State.Notes));
    }

    [Fact]
    public void A_start_that_waits_is_dropped_when_it_comes_to_its_turn_in_a_pause()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.BufferAll);
        bench.RunTo(180);
        bench.Patch(new() { Pause = "x" });
        Assert.Equal(2, bench.Waiting);
        bench.End(60);
        Assert.Equal(0, bench.Waiting);
        Assert.Equal([60], bench.Started);
    }

    [Fact]
    public void Limited_actions_run_out_and_each_raises_the_token()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll, change: s => s.State = new() { LimitedActions = true, RemainingActions = 2 });
        bench.RunTo(300);
        Assert.Equal([60, 120], bench.Started);
        Assert.Equal((0L, 3L), (bench.State.RemainingActions, bench.Machine.Record.Progress.ConflictToken));
    }

    [Fact]
    public void A_trigger_ignores_pause_and_limit_and_costs_nothing()
    {
        var bench = new MachineBench(change: s => s.State = new() { Paused = true, LimitedActions = true, RemainingActions = 0 });
        bench.SleepTo(7);
        bench.Trigger();
        Assert.Equal([7], bench.Started);
        Assert.Equal((1L, 0L), (bench.Info.ActionCount, bench.State.RemainingActions));
    }

    [Fact]
    public void Two_triggers_in_one_second_have_one_id_and_the_second_is_lost()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll);
        bench.Trigger();
        bench.Trigger();
        Assert.Equal((1L, 0L), (bench.Info.ActionCount, bench.Info.OverlapSkipped));
    }

    [Fact]
    public void A_backfill_has_both_its_ends_and_follows_the_order_of_time()
    {
        var bench = new MachineBench(change: s => s.State = new() { Paused = true });
        bench.Backfill(-180, 0, ScheduleOverlapPolicy.BufferAll);
        foreach (var time in new[] { -180, -120, -60, 0 })
            bench.End(time);
        Assert.Equal([-180, -120, -60, 0], bench.Started);
    }

    [Fact]
    public void A_long_backfill_side_by_side_takes_ten_times_a_second()
    {
        var bench = new MachineBench(change: s => s.State = new() { Paused = true });
        bench.Backfill(-60 * 24, 0, ScheduleOverlapPolicy.AllowAll);
        Assert.Equal(10, bench.Started.Count);
        bench.RunTo(1);
        Assert.Equal(20, bench.Started.Count);
        bench.RunTo(2);
        Assert.Equal(25, bench.Started.Distinct().Count());
        Assert.Null(bench.Machine.NextWakeUp);
    }

    [Fact]
    public void The_buffer_takes_a_thousand_starts_and_counts_what_it_drops()
    {
        var bench = new MachineBench(every: 1, overlap: ScheduleOverlapPolicy.BufferAll);
        bench.SleepTo(1200);
        bench.Machine.Wake(bench.Now);
        Assert.Equal((999, 200L), (bench.Waiting, bench.Info.BufferDropped));
    }

    [Fact]
    public void A_stale_token_drops_the_update()
    {
        var bench = new MachineBench();
        bench.Update(s => s.State = new() { Notes = "one" }, token: 1);
        bench.Update(s => s.State = new() { Notes = "two" }, token: 1);
        Assert.Equal(("one", 2L), (bench.State.Notes, bench.Machine.Record.Progress.ConflictToken));
    }

    [Fact]
    public void An_update_counts_from_its_own_moment_on()
    {
        var bench = new MachineBench(every: 86400, overlap: ScheduleOverlapPolicy.AllowAll);
        bench.SleepTo(90);
        bench.Update(s => s.Spec.Interval[0].Interval = new Duration { Seconds = 60 });
        bench.RunTo(180);
        Assert.Equal([120, 180], bench.Started);
    }

    [Fact]
    public void Waiting_starts_follow_the_policy_of_the_moment()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.BufferAll);
        bench.RunTo(240);
        bench.Update(s => s.Policies.OverlapPolicy = ScheduleOverlapPolicy.Skip);
        Assert.Equal((0, 3L), (bench.Waiting, bench.Info.OverlapSkipped));
    }

    [Theory]
    [InlineData(WorkflowExecutionStatus.Failed, true, "paused due to workflow failure: run-2026-03-01T00:01:00Z: disk full")]
    [InlineData(WorkflowExecutionStatus.TimedOut, true, "paused due to workflow timeout: run-2026-03-01T00:01:00Z")]
    [InlineData(WorkflowExecutionStatus.Canceled, false, "")]
    [InlineData(WorkflowExecutionStatus.Terminated, false, "")]
    public void A_failure_pauses_when_the_policy_says_so(WorkflowExecutionStatus status, bool paused, string notes)
    {
        var bench = new MachineBench(change: s => s.Policies.PauseOnFailure = true);
        bench.RunTo(60);
        bench.End(60, status, failure: "disk full");
        Assert.Equal((paused, notes), (bench.State.Paused, bench.State.Notes));
    }

    [Fact]
    public void The_last_result_goes_on_and_a_failure_with_it_until_a_run_completes()
    {
        var bench = new MachineBench();
        bench.RunTo(60);
        bench.End(60, result: "seven");
        bench.RunTo(120);
        bench.End(120, WorkflowExecutionStatus.Failed, failure: "broken");
        bench.RunTo(180);
        bench.End(180, result: "eight");
        bench.RunTo(240);
        Assert.Null(bench.Starts[0].LastResult);
        Assert.Equal("seven", MachineBench.Text(bench.Starts[2].LastResult!));
        Assert.Equal("broken", bench.Starts[2].LastFailure!.Message);
        Assert.Equal("eight", MachineBench.Text(bench.Starts[3].LastResult!));
        Assert.Null(bench.Starts[3].LastFailure);
    }

    [Fact]
    public void Nothing_is_lost_or_doubled_by_a_restart()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.BufferAll);
        bench.RunTo(120);
        bench.Reload();
        bench.SleepTo(200);
        bench.Machine.Wake(bench.Now);
        foreach (var time in new[] { 60, 120, 180 })
            bench.End(time);
        Assert.Equal([60, 120, 180], bench.Started);
    }

    [Fact]
    public void A_clock_that_goes_back_starts_nothing_twice()
    {
        var bench = new MachineBench(overlap: ScheduleOverlapPolicy.AllowAll);
        bench.RunTo(120);
        bench.SleepTo(30);
        bench.Machine.Wake(bench.Now);
        bench.RunTo(180);
        Assert.Equal([60, 120, 180], bench.Started);
    }

    [Fact]
    public void Jitter_moves_the_start_and_never_the_id()
    {
        var bench = new MachineBench(every: 3600, change: s => s.Spec.Jitter = new() { Seconds = 600 });
        bench.RunTo(3599);
        Assert.Empty(bench.Started);
        bench.RunTo(3600 + 600);
        Assert.Equal([3600], bench.Started);
        Assert.InRange(bench.Info.RecentActions[0].ScheduleTime.ToDateTime(), MachineBench.At(3600), MachineBench.At(4200));
    }

    [Fact]
    public void A_schedule_with_nothing_left_to_do_ends_after_a_week()
    {
        var bench = new MachineBench(change: s => s.Spec.EndTime = Timestamp.FromDateTime(MachineBench.At(60)));
        bench.RunTo(60);
        bench.End(60);
        bench.RunTo(60 + (7 * 86400) - 1);
        Assert.False(bench.Machine.IsFinished);
        bench.RunTo(60 + (7 * 86400));
        Assert.True(bench.Machine.IsFinished);
    }
}

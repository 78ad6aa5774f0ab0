using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;

namespace Maintenance.Jobs.Tests.Runs;

public class RetryDecisionTests
{
    static readonly StepDefinition _step = new()
    {
        Name = "s",
        Retry = new RetryPlan { Attempts = 4, Initial = TimeSpan.FromSeconds(10), Backoff = 3, Max = TimeSpan.FromSeconds(60), StopOnExitCodes = [64] },
    };

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 30)]
    [InlineData(3, 60)]
    public void The_pause_grows_up_to_its_limit(int counted, int seconds) =>
        Assert.Equal(
            new RetryDecision.Again(TimeSpan.FromSeconds(seconds)), RetryDecision.Of(_step, new AttemptOutcome.Exited(1), counted, 0));

    [Fact]
    public void After_the_last_attempt_it_gives_up_and_says_how_often_it_tried() =>
        Assert.Contains(
            "attempt 4 of 4", Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(_step, new AttemptOutcome.Exited(1), 4, 0)).Reason);

    [Fact]
    public void A_code_that_says_stop_ends_the_tries() =>
        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(_step, new AttemptOutcome.Exited(64), 1, 0));

    [Fact]
    public void Only_listed_codes_are_tried_again_when_there_is_a_list()
    {
        var step = _step with { Retry = _step.Retry with { OnlyOnExitCodes = [75] } };

        Assert.IsType<RetryDecision.Again>(RetryDecision.Of(step, new AttemptOutcome.Exited(75), 1, 0));
        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(step, new AttemptOutcome.Exited(1), 1, 0));
        Assert.IsType<RetryDecision.Again>(RetryDecision.Of(step, new AttemptOutcome.TimedOut(TimeSpan.FromSeconds(1), 143), 1, 0));
    }

    [Fact]
    public void The_runners_own_errors_use_up_no_attempts_and_do_not_go_on_for_ever()
    {
        var refusal = new AttemptOutcome.CouldNotStart("EAGAIN", "no more processes", Passing: true);
        var once = _step with { Retry = new RetryPlan() };

        Assert.Equal(new RetryDecision.Again(TimeSpan.FromSeconds(1)), RetryDecision.Of(once, refusal, 0, 1));
        Assert.IsType<RetryDecision.Again>(RetryDecision.Of(once, refusal, 0, RetryDecision.RunnerErrorsMax - 1));
        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(once, refusal, 0, RetryDecision.RunnerErrorsMax));
    }

    [Fact]
    public void What_cannot_ever_start_is_not_tried_again() =>
        Assert.IsType<RetryDecision.GiveUp>(
            RetryDecision.Of(_step, new AttemptOutcome.CouldNotStart("ENOENT", "no bash", Passing: false), 1, 0));

    [Fact]
    public void An_unknown_end_follows_the_steps_choice()
    {
        var unknown = new AttemptOutcome.Unknown("reboot");
        var once = _step with { Retry = new RetryPlan() };

        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(once with { OnUnknown = OnUnknown.Fail }, unknown, 1, 0));
        Assert.IsType<RetryDecision.Again>(RetryDecision.Of(once with { OnUnknown = OnUnknown.Retry }, unknown, 1, 0));
        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(once with { OnUnknown = OnUnknown.Retry }, unknown, 2, 0));
        Assert.IsType<RetryDecision.Ask>(RetryDecision.Of(once with { OnUnknown = OnUnknown.Ask }, unknown, 1, 0));
    }

    [Fact]
    public void A_cancelled_attempt_is_the_last() =>
        Assert.IsType<RetryDecision.GiveUp>(RetryDecision.Of(_step, new AttemptOutcome.Cancelled("asked"), 1, 0));
}

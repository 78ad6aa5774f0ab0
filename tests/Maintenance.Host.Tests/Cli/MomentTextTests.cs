using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Cli;

public sealed class MomentTextTests
{
    // It is 3 a.m. in Berlin.
    static readonly DateTimeOffset _now = new(2026, 11, 26, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("02:30", "2026-11-26T01:30:00Z", "2026-11-27T01:30:00Z")]
    [InlineData("03:00", "2026-11-26T02:00:00Z", "2026-11-27T02:00:00Z")]
    [InlineData("03:30", "2026-11-25T02:30:00Z", "2026-11-26T02:30:00Z")]
    [InlineData("00:00", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    public void A_time_of_day_is_the_last_or_the_coming_one_on_the_schedules_clock(string text, string last, string coming)
    {
        Assert.Equal(DateTimeOffset.Parse(last), MomentText.Of(text, "Europe/Berlin", _now, back: true));
        Assert.Equal(DateTimeOffset.Parse(coming), MomentText.Of(text, "Europe/Berlin", _now));
    }

    [Fact]
    public void A_day_that_is_another_one_there_is_that_one()
    {
        var evening = new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(new DateTimeOffset(2026, 11, 26, 11, 30, 0, TimeSpan.Zero), MomentText.Of("01:30", "Pacific/Kiritimati", evening, back: true));
    }

    [Theory]
    [InlineData("3:30")]
    [InlineData("24:00")]
    [InlineData("soon")]
    public void What_is_no_time_is_refused_with_examples(string text)
    {
        var refused = Assert.Throws<CommandFailure>(() => MomentText.Of(text, "UTC", _now));

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("or 02:00", refused.Message, StringComparison.Ordinal);
    }
}

namespace Maintenance.Schedules.Tests.Reading;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("10s", 10)]
    [InlineData("5m", 300)]
    [InlineData("26h", 93_600)]
    [InlineData("1d12h", 129_600)]
    [InlineData("2w", 1_209_600)]
    [InlineData("1h30m15s", 5_415)]
    [InlineData("0s", 0)]
    public void Durations_add_their_units(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));

        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("-1h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("1.5h")]
    [InlineData("99999d")]
    [InlineData("99999999999999999999s")]
    public void Anything_else_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));
}

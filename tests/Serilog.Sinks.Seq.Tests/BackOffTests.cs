namespace Serilog.Sinks.Seq.Tests;

public sealed class BackOffTests
{
    [Fact]
    public void Waits_double_up_to_a_minute_and_start_again_after_a_success()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(2));

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 7).Select(_ => backOff.Failure(null).TotalSeconds));
        for (var i = 0; i < 1000; i++)
            Assert.Equal(60, backOff.Failure(null).TotalSeconds);
        backOff.Success();
        Assert.Equal(2, backOff.Failure(null).TotalSeconds);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(90, 90)]
    [InlineData(99999, 600)]
    public void The_servers_wish_is_followed_within_reason(int asked, int seconds) =>
        Assert.Equal(seconds, new BackOff(TimeSpan.FromSeconds(2)).Failure(TimeSpan.FromSeconds(asked)).TotalSeconds);
}

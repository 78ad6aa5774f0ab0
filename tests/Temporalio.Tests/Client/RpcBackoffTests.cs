using Temporal.Protocol;
using Temporalio.Client;

namespace Temporalio.Tests.Client;

public class RpcBackoffTests
{
    [Fact]
    public void Waits_grow_and_end_after_ten_seconds()
    {
        var waits = new List<double>();
        var elapsed = TimeSpan.Zero;
        while (RpcBackoff.Calls.NextDelay(RpcStatus.Unavailable, waits.Count + 1, elapsed, 0.5) is { } wait)
        {
            waits.Add(Math.Round(wait.TotalMilliseconds));
            elapsed += wait;
        }

        Assert.Equal([100, 170, 289, 491, 835, 1420, 2414, 4103], waits);
    }

    [Theory]
    [InlineData(RpcStatus.Unavailable, true)]
    [InlineData(RpcStatus.ResourceExhausted, true)]
    [InlineData(RpcStatus.Internal, true)]
    [InlineData(RpcStatus.NotFound, false)]
    [InlineData(RpcStatus.InvalidArgument, false)]
    [InlineData(RpcStatus.DeadlineExceeded, false)]
    [InlineData(RpcStatus.Unauthenticated, false)]
    public void Only_failures_that_may_pass_are_tried_again(RpcStatus status, bool again)
    {
        Assert.Equal(again, RpcBackoff.Calls.NextDelay(status, 1, TimeSpan.Zero, 0.5) is not null);
    }

    [Fact]
    public void A_server_with_too_much_to_do_gets_a_second()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), RpcBackoff.Calls.NextDelay(RpcStatus.ResourceExhausted, 1, TimeSpan.Zero, 0.5));
    }

    [Fact]
    public void Jitter_is_a_fifth_of_the_wait()
    {
        var shortest = RpcBackoff.Calls.NextDelay(RpcStatus.Unavailable, 1, TimeSpan.Zero, 0)!.Value;
        var longest = RpcBackoff.Calls.NextDelay(RpcStatus.Unavailable, 1, TimeSpan.Zero, 1)!.Value;

        Assert.Equal((80, 120), (shortest.TotalMilliseconds, longest.TotalMilliseconds));
    }

    [Fact]
    public void Options_replace_the_defaults()
    {
        var backoff = RpcBackoff.From(new() { InitialInterval = TimeSpan.FromSeconds(2), MaxRetries = 1, RandomizationFactor = 0 });

        Assert.Equal(TimeSpan.FromSeconds(2), backoff.NextDelay(RpcStatus.Unavailable, 1, TimeSpan.Zero, 1));
        Assert.Null(backoff.NextDelay(RpcStatus.Unavailable, 2, TimeSpan.Zero, 1));
    }
}

using System.Diagnostics;

namespace Serilog.Sinks.Seq.Tests;

static class Eventually
{
    public static async Task Is<T>(T expected, Func<T> state)
    {
        var clock = Stopwatch.StartNew();
        while (!Equals(state(), expected) && clock.Elapsed < TimeSpan.FromSeconds(20))
            await Task.Delay(10);
        Assert.Equal(expected, state());
    }
}

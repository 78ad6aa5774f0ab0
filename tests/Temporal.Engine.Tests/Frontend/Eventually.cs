namespace Temporal.Engine.Tests;

/// <summary>For what happens in its own time: asks again until it is so, or fails after a deadline.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task BecomesTrueAsync(Func<Task<bool>> isTrue, string what)
    {
        using var end = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(Pause);
        while (!await isTrue())
        {
            Assert.False(end.IsCancellationRequested, $"Not so within {Patience}: {what}");
            await ticks.WaitForNextTickAsync();
        }
    }
}

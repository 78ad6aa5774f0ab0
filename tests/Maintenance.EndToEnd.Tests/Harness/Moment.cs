namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A chosen moment: for tests whose subject is that something happens at any time, such as a kill.</summary>
static class Moment
{
    public static async Task OfAsync(TimeSpan after)
    {
        if (after <= TimeSpan.Zero)
            return;
        // A timer of less than a millisecond does not exist.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, after.TotalMilliseconds)));
        await timer.WaitForNextTickAsync();
    }
}

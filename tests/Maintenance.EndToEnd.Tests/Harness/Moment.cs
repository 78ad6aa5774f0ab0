namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>A chosen moment: for tests whose subject is that something happens at any time, such as a kill.</summary>
static class Moment
{
    public static async Task OfAsync(TimeSpan after)
    {
        if (after <= TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(after);
        await timer.WaitForNextTickAsync();
    }
}

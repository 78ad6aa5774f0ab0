using System.Diagnostics;

namespace Maintenance.Records.Tests;

static class Eventually
{
    /// <summary>Polls until the state is as wanted; fails with the last state seen.</summary>
    public static async Task<T> Of<T>(Func<Task<T>> state, Func<T, bool> wanted, TimeSpan? within = null)
    {
        var deadline = within ?? TimeSpan.FromSeconds(20);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var last = await state();
            if (wanted(last))
                return last;
            if (clock.Elapsed > deadline)
                Assert.Fail($"Not within {deadline}; last state: {System.Text.Json.JsonSerializer.Serialize(last)}");
            await Task.Delay(20);
        }
    }
}

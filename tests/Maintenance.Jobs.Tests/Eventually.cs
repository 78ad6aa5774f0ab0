using System.Diagnostics;

namespace Maintenance.Jobs.Tests;

static class Eventually
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until it is so; a failure says what was awaited.</summary>
    public static async Task IsTrue(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < _patience, $"Waited {_patience.TotalSeconds} s in vain: {what}.");
            await Task.Delay(10);
        }
    }
}

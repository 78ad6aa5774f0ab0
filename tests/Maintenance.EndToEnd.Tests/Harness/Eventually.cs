namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>Waits for something outside this process to become true.</summary>
static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="look">Returns null until it is so.</param>
    public static async Task<T> GetAsync<T>(string what, TimeSpan limit, Func<Task<T?>> look, Func<string>? evidence = null)
        where T : class
    {
        using var end = new CancellationTokenSource(limit);
        using var pause = new PeriodicTimer(Pause);
        while (true)
        {
            if (await look() is { } found)
                return found;
            try
            {
                await pause.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds} s\n{evidence?.Invoke()}");
            }
        }
    }

    public static Task TrueAsync(string what, TimeSpan limit, Func<Task<bool>> look, Func<string>? evidence = null) =>
        GetAsync(what, limit, async () => await look() ? "yes" : null, evidence);

    public static Task TrueAsync(string what, TimeSpan limit, Func<bool> look, Func<string>? evidence = null) =>
        TrueAsync(what, limit, () => Task.FromResult(look()), evidence);
}

namespace Maintenance.Testing;

/// <summary>For what happens in its own time: looks again until it is so, and fails with what was awaited after a patience that a busy machine needs.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task IsTrue(Func<bool> condition, string what) => TrueAsync(what, Patience, condition);

    public static Task IsTrue(Func<Task<bool>> condition, string what) => TrueAsync(what, Patience, condition);

    public static Task Is<T>(T expected, Func<T> state) => Of(() => Task.FromResult(state()), last => Equals(last, expected));

    /// <summary>The first state that is as wanted; the failure names the last one seen.</summary>
    public static async Task<T> Of<T>(Func<Task<T>> state, Func<T, bool> wanted, TimeSpan? within = null)
    {
        var last = default(T);
        await TrueAsync(
            $"a {typeof(T).Name} as wanted",
            within ?? Patience,
            async () => wanted(last = await state()),
            () => $"the last was {System.Text.Json.JsonSerializer.Serialize(last)}");
        return last!;
    }

    public static Task TrueAsync(string what, TimeSpan limit, Func<bool> look, Func<string>? evidence = null) =>
        TrueAsync(what, limit, () => Task.FromResult(look()), evidence);

    public static Task TrueAsync(string what, TimeSpan limit, Func<Task<bool>> look, Func<string>? evidence = null) =>
        GetAsync(what, limit, async () => await look() ? "yes" : null, evidence);

    public static Task<T> GetAsync<T>(string what, Func<Task<T?>> look)
        where T : class => GetAsync(what, Patience, look);

    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="limit">How long.</param>
    /// <param name="look">Returns null until it is so.</param>
    /// <param name="evidence">What else the failure tells.</param>
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
}

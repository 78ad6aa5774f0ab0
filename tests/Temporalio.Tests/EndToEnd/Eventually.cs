namespace Temporalio.Tests.EndToEnd;

/// <summary>Asks again until the answer is there.</summary>
static class Eventually
{
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await ask() is { } answer)
                return answer;

            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }
}

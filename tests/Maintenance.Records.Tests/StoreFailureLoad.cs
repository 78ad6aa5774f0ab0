namespace Maintenance.Records.Tests;

/// <summary>
/// Writers that behave as the finish activity does: what is not acknowledged is tried again. Afterwards every run, message and link must be there once.
/// </summary>
sealed class StoreFailureLoad(IRunStore store, CancellationToken token)
{
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    int _begun;
    int _refused;

    /// <summary>How often a write was refused and tried again.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Writes until the trouble is over, and at least one run each.</summary>
    public async Task WriteDuringAsync(Task trouble, int writers = 4)
    {
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(
            async () =>
            {
                do
                    await WriteOneAsync($"r{Interlocked.Increment(ref _begun)}");
                while (!trouble.IsCompleted);
            },
            token)));
        await trouble;
    }

    /// <summary>Nothing lost, nothing doubled: runs with all their steps, messages, and one link each in an unbroken chain.</summary>
    public async Task AssertWholeAsync()
    {
        var ids = Enumerable.Range(1, _begun).Select(n => $"r{n}").ToList();
        foreach (var id in ids)
            Assert.Equal(2, (await store.GetRunAsync(id, token))?.Steps.Count);
        Assert.Equal(_begun, (await store.GetOutboxHealthAsync(token)).Pending);
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            (await store.ListEvidenceAsync(0, int.MaxValue, token)).Select(link => link.RunId).Order(StringComparer.Ordinal));
        var report = await new EvidenceVerification(store).RunAsync(null, token);
        Assert.Empty(report.Findings);
        Assert.Equal(_begun, report.Runs);
    }

    async Task WriteOneAsync(string id)
    {
        await UntilWrittenAsync(() => store.OpenRunAsync(Some.RunningRun(id), token));
        await UntilWrittenAsync(() => store.FinishRunAsync(Run(id), [Some.Message($"m-{id}", id)], token));
    }

    async Task UntilWrittenAsync(Func<Task> write)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (RunStoreUnavailableException) when (!token.IsCancellationRequested)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(_pause, token);
            }
        }
    }

    /// <summary>Outputs are kept by execution, so none is shared between runs here.</summary>
    static RunRecord Run(string id) => Some.FullRun(id) with
    {
        Steps = [.. Some.FullRun(id).Steps.Select(step => step with
        {
            Attempts = [.. step.Attempts.Select(attempt => attempt with { ExecutionRunId = null })],
        })],
    };
}

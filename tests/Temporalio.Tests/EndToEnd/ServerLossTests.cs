using Temporal.Engine;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.EndToEnd;

public sealed class ServerLossTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("server-loss-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_and_worker_go_on_when_the_server_is_back(bool inProcess)
    {
        var server = await StartAsync("127.0.0.1:0", inProcess);
        var address = server.Address;
        var client = await TemporalClient.ConnectAsync(new(address));
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("queue").AddWorkflow<Approval>());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));

        var result = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), new("approval", "queue"));
                await handle.ExecuteUpdateAsync(wf => wf.ApproveNowAsync("ann"));
                await server.DisposeAsync();

                // Sent while nobody is there: tried again until somebody is.
                var signal = handle.SignalAsync(wf => wf.ApproveAsync("bob"));
                server = await StartAsync(address, inProcess);
                await signal;
                return await handle.GetResultAsync();
            },
            deadline.Token);

        Assert.Equal("ann,bob", result);
        await server.DisposeAsync();
    }

    Task<TemporalEngine> StartAsync(string listen, bool inProcess) => TemporalEngine.StartAsync(
        new() { DataDirectory = _folder, Listen = listen, RegisterInProcess = inProcess }, CancellationToken.None);
}

using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Testing;
using Temporalio.Worker;

[assembly: AssemblyFixture(typeof(Temporalio.Tests.EndToEnd.EngineFixture))]

namespace Temporalio.Tests.EndToEnd;

/// <summary>One embedded engine for all tests that need a real server; each test has a task queue of its own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public static readonly SearchAttributeKey<string> Job = SearchAttributeKey.CreateKeyword("Job");

    WorkflowEnvironment? _environment;

    public ITemporalClient Client => _environment!.Client;

    public async ValueTask InitializeAsync() =>
        _environment = await WorkflowEnvironment.StartLocalAsync(new() { SearchAttributes = [Job] });

    public async ValueTask DisposeAsync()
    {
        if (_environment is not null)
            await _environment.DisposeAsync();
    }

    /// <summary>A name that no other test has.</summary>
    public static string NewName(string what) => $"{what}-{Guid.NewGuid():N}";

    /// <summary>A worker for the workflows and activities of <see cref="Approval"/>.</summary>
    public TemporalWorker NewWorker(string taskQueue, ITemporalClient? client = null) => new(
        client ?? Client,
        new TemporalWorkerOptions(taskQueue)
            .AddWorkflow<Approval>()
            .AddWorkflow<Countdown>()
            .AddWorkflow<WaitsForActivity>()
            .AddAllActivities(typeof(Callbacks), null));
}

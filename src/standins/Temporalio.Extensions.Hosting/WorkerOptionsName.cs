using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>The name under which a worker's options are found. Two workers of one queue and version are one.</summary>
static class WorkerOptionsName
{
    public static string Of(TemporalWorkerServiceIdentifier id) =>
        id.Version is null ? id.TaskQueue : $"{id.TaskQueue}!!__temporal__!!{id.Version}";

    public static string Of(ITemporalWorkerServiceOptionsBuilder builder) =>
        Of(Identify(builder.TaskQueue, builder.DeploymentOptions));

    public static TemporalWorkerServiceIdentifier Identify(string taskQueue, WorkerDeploymentOptions? deployment) =>
        new(taskQueue, deployment?.Version?.ToCanonicalString(), VersionIsBuildId: false);
}

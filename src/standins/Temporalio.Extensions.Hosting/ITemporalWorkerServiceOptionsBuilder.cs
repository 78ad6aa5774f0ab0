using Microsoft.Extensions.DependencyInjection;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Adds workflows, activities and options to a hosted worker.</summary>
public interface ITemporalWorkerServiceOptionsBuilder
{
    string TaskQueue { get; }

    WorkerDeploymentOptions? DeploymentOptions { get; }

    IServiceCollection Services { get; }
}

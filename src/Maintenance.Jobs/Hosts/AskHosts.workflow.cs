using System.Text.Json.Serialization;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Restarts;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Hosts;

/// <summary>Asks every host of a list whether it is there. Short: it ends when all have answered or the time is over.</summary>
[Workflow(WorkflowName)]
public sealed class AskHostsWorkflow
{
    public const string WorkflowName = "maintenance.hosts";

    [WorkflowRun]
    public async Task<IReadOnlyList<HostAnswer>> RunAsync(HostsQuestion question) =>
        await Workflow.WhenAllAsync(question.Ids.Select(id => AskAsync(id, question.Timeout)));

    static async Task<HostAnswer> AskAsync(string id, TimeSpan timeout)
    {
        try
        {
            var boot = await Workflow.ExecuteActivityAsync(
                (RestartActivities a) => a.Identify(new RestartPlan { Part = RestartedPart.Host }),
                new ActivityOptions
                {
                    ActivityId = id,
                    TaskQueue = TaskQueues.OfHost(id),
                    ScheduleToCloseTimeout = timeout,
                    StartToCloseTimeout = timeout,
                    RetryPolicy = new RetryPolicy { MaximumAttempts = 1 },
                });
            return new HostAnswer { Id = id, BootId = boot.Value, At = new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero) };
        }
        catch (ActivityFailureException silent)
        {
            return new HostAnswer
            {
                Id = id,
                Problem = silent.InnerException is TimeoutFailureException ? "no answer" : silent.InnerException?.Message ?? silent.Message,
            };
        }
    }
}

public sealed record HostsQuestion
{
    public required IReadOnlyList<string> Ids { get; init; }
    public required TimeSpan Timeout { get; init; }
}

/// <summary>Either <see cref="At"/> and the boot id, or why there is no answer.</summary>
public sealed record HostAnswer
{
    public required string Id { get; init; }
    public string? BootId { get; init; }
    public DateTimeOffset? At { get; init; }
    public string? Problem { get; init; }

    [JsonIgnore]
    public bool Answered => At is not null;
}

using Maintenance.Jobs.Attempts;
using Temporalio.Client;
using Temporalio.Converters;

namespace Maintenance.Jobs.Steps;

/// <summary>
/// What the scripts of an open run write now, as their heartbeats tell the server: the same for every host, without a way to it.
/// </summary>
public sealed record RunningAttempts(bool IsOpen, IReadOnlyList<RunningAttempt> Attempts)
{
    /// <exception cref="Temporalio.Exceptions.RpcException">There is no such run, or the server does not answer.</exception>
    public static async Task<RunningAttempts> ReadAsync(ITemporalClient client, string workflowId)
    {
        var described = await client.WorkflowService.DescribeWorkflowExecutionAsync(
            new() { Namespace = client.Options.Namespace, Execution = new() { WorkflowId = workflowId } });
        var attempts = new List<RunningAttempt>();
        foreach (var activity in described.PendingActivities.Where(a => a.ActivityType?.Name == StepActivities.RunStepName))
        {
            var payload = activity.HeartbeatDetails?.Payloads_.FirstOrDefault();
            var lines = payload is null ? LiveLines.Empty : await client.Options.DataConverter.ToValueAsync<LiveLines>(payload);
            attempts.Add(new RunningAttempt(activity.ActivityId, lines));
        }

        return new RunningAttempts(
            described.WorkflowExecutionInfo.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running, attempts);
    }
}

public sealed record RunningAttempt(string ActivityId, LiveLines Output);

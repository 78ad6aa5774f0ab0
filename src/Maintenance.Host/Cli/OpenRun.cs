using Maintenance.Host.Settings;
using Temporalio.Client;

namespace Maintenance.Host.Cli;

/// <summary>Finds the workflow of an open run by what a person typed.</summary>
static class OpenRun
{
    public static async Task<WorkflowHandle> FindAsync(HostSettings settings, string name, CancellationToken cancellationToken)
    {
        var client = await TemporalAccess.ConnectAsync(settings);

        // The records know short ids. They may be away, or not have the run yet: then the name must be a workflow id.
        try
        {
            await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
            var run = await RecordsAccess.FindAsync(store, name, cancellationToken);
            return client.GetWorkflowHandle(run.WorkflowId);
        }
        catch (CommandFailure ex) when (ex.ExitCode is ExitCode.Unavailable or ExitCode.NotFound)
        {
            return client.GetWorkflowHandle(name);
        }
    }
}

using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Doctor;

/// <summary>What the server and the database say of themselves.</summary>
static class ServerChecks
{
    static readonly TimeSpan ReportsMayTake = TimeSpan.FromMinutes(5);

    public static async Task<Finding> ServerAsync(HostSettings settings)
    {
        try
        {
            var client = await TemporalAccess.ConnectAsync(settings);
            return await client.Connection.CheckHealthAsync()
                ? Finding.Well("server", $"{client.Connection.Options.TargetHost} answers, namespace {settings.Temporal.Namespace}")
                : Finding.Ill("server", $"{client.Connection.Options.TargetHost} says that it does not serve", "look at its log");
        }
        catch (CommandFailure failure)
        {
            return Finding.Ill("server", failure.Message, "nothing runs until it answers");
        }
        catch (RpcException ex)
        {
            return Finding.Ill("server", ex.Message, "look at its log");
        }
    }

    /// <summary>The records and what waits in them to be sent.</summary>
    public static async Task<IReadOnlyList<Finding>> RecordsAsync(
        HostSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
            return [Finding.Well("records", store.Description), Outbox(await store.GetOutboxHealthAsync(cancellationToken), now)];
        }
        catch (Exception ex) when (ex is CommandFailure or RunStoreUnavailableException)
        {
            return [Finding.Ill("records", ex.Message, "runs go on; their records are written when the database is back")];
        }
    }

    static Finding Outbox(OutboxHealth outbox, DateTimeOffset now)
    {
        if (outbox.Dead > 0)
            return Finding.Watch(
                "reports", $"{outbox.Dead} were refused by their receiver and {outbox.Pending} wait",
                "event 5103 in the log says why each was refused");
        return outbox.OldestPendingAt is { } oldest && now - oldest > ReportsMayTake
            ? Finding.Watch(
                "reports", $"{outbox.Pending} wait, the oldest for {RunText.Duration(now - oldest)}",
                "event 5101 in the log says why they are not taken")
            : Finding.Well("reports", outbox.Pending == 0 ? "all delivered" : $"{outbox.Pending} on their way");
    }
}

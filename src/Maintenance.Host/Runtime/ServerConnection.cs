using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Runtime;

/// <summary>The way of a worker to its server.</summary>
static class ServerConnection
{
    static readonly TimeSpan _againEvery = TimeSpan.FromSeconds(2);

    /// <summary>A server that is not there yet is waited for: after a power cut nobody knows who comes up first.</summary>
    public static async Task<TemporalClient> OpenAsync(
        HostSettings settings, string address, string identity, ILoggerFactory logging, CancellationToken stop)
    {
        var options = TemporalAccess.Options(settings, address, identity);
        options.LoggerFactory = logging;
        using var again = new PeriodicTimer(_againEvery);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TemporalClient.ConnectAsync(options);
            }
            catch (InvalidOperationException ex) when (MayComeUp(ex))
            {
                if (attempt == 1)
                    RunnerLog.ServerAway(logging.CreateLogger(typeof(ServerConnection)), address, ex.Message);
            }

            await again.WaitForNextTickAsync(stop);
        }
    }

    // A failed connect is an InvalidOperationException; what it says about the reason depends on the package.
    static bool MayComeUp(InvalidOperationException failed) =>
        failed.InnerException is not RpcException refused
        || refused.Code is RpcException.StatusCode.Unavailable or RpcException.StatusCode.DeadlineExceeded;
}

/// <summary>Events 6010-6019: a runner and its server.</summary>
static partial class RunnerLog
{
    [LoggerMessage(6010, LogLevel.Warning, "The Temporal server at {Address} does not answer and is tried again until it does: {Reason}")]
    public static partial void ServerAway(ILogger logger, string address, string reason);
}

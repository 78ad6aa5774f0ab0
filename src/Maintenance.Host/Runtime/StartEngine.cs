using System.Net.Sockets;
using Maintenance.Host.Cli;
using Microsoft.Extensions.Logging;
using Temporal.Engine;

namespace Maintenance.Host;

/// <summary>Starts the embedded engine and says what to do when it cannot start.</summary>
static class StartEngine
{
    public static async Task<TemporalEngine> RunAsync(
        string directory, string listen, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        try
        {
            return await TemporalEngine.StartAsync(
                new() { DataDirectory = directory, Listen = listen, LoggerFactory = logging }, cancellationToken);
        }
        catch (EngineStartException ex)
        {
            throw new CommandFailure(ExitCode.CannotCreate, ex.Message);
        }
        catch (Exception ex) when (ex is UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.CannotCreate, $"the engine cannot write to {directory}: {ex.Message} Name a folder that this user can write with `--data DIR`.");
        }
        catch (IOException ex) when (IsAddressInUse(ex))
        {
            throw new CommandFailure(
                ExitCode.Busy,
                $"another program listens on {listen}, perhaps another `maintenance`; stop it, or choose another address with `--listen ADDRESS:PORT`.");
        }
    }

    static bool IsAddressInUse(Exception? ex) =>
        ex is not null && (ex is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            || ex.GetType().Name == "AddressInUseException" || IsAddressInUse(ex.InnerException));
}

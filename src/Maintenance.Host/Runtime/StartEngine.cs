using System.Net.Sockets;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Logging;
using Temporal.Engine;

namespace Maintenance.Host;

/// <summary>Starts the embedded engine and says what to do when it cannot start.</summary>
static class StartEngine
{
    public static async Task<TemporalEngine> RunAsync(
        string directory, EngineSettings settings, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var listen = settings.Listen;
        try
        {
            var options = new EngineOptions
            {
                DataDirectory = directory,
                Listen = listen,
                Tls = Tls(settings),
                ApiKeys = [.. settings.ApiKeys.Select(key => EngineKeySetting.Parse(key.Key, key.Value, out _)!.Resolve())],
                LoggerFactory = logging,
            };
            return await TemporalEngine.StartAsync(options, cancellationToken);
        }
        catch (InvalidSettingsException ex)
        {
            throw new CommandFailure(ExitCode.BadSettings, ex.Message);
        }
        catch (EngineStartException ex)
        {
            throw new CommandFailure(ex.IsInUse ? ExitCode.Busy : ExitCode.CannotCreate, ex.Message);
        }
        catch (Exception ex) when (ex is UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.CannotCreate,
                $"the engine cannot write to {directory}: {ex.Message} Name a folder that this user can write with `--data DIR`.");
        }
        catch (IOException ex) when (IsAddressInUse(ex))
        {
            throw new CommandFailure(
                ExitCode.Busy,
                $"another program listens on {listen}, perhaps another `maintenance`; stop it, or choose another address with `--listen "
                    + "ADDRESS:PORT`.");
        }
    }

    static EngineTls? Tls(EngineSettings settings) => settings.TlsCertificate.Length == 0 ? null : new(
        ReadPem("TlsCertificate", settings.TlsCertificate),
        ReadPem("TlsKey", settings.TlsKey),
        settings.TlsClientCa.Length == 0 ? null : ReadPem("TlsClientCa", settings.TlsClientCa));

    static byte[] ReadPem(string key, string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException([$"Engine:{key}: cannot read {file}: {ex.Message}"]);
        }
    }

    static bool IsAddressInUse(Exception? ex) =>
        ex is not null && (ex is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            || ex.GetType().Name == "AddressInUseException" || IsAddressInUse(ex.InnerException));
}

using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

/// <summary>The way to the Temporal server: the one that is set, or the engine of the installation in the data folder.</summary>
static class TemporalAccess
{
    /// <summary>Who a command's action is recorded as: a name that nothing proves.</summary>
    public static string Person => $"{Environment.UserName}@{Environment.MachineName}";

    /// <exception cref="CommandFailure">No server answers.</exception>
    public static async Task<TemporalClient> ConnectAsync(HostSettings settings)
    {
        var address = Address(settings);
        try
        {
            return await TemporalClient.ConnectAsync(Options(settings, address, Person));
        }
        catch (Exception ex) when (ex is RpcException or InvalidOperationException)
        {
            throw Unreachable(settings, address, ex);
        }
    }

    public static TemporalClientConnectOptions Options(HostSettings settings, string address, string identity)
    {
        var temporal = settings.Temporal;
        var usesTls = temporal.Tls || temporal.ApiKey.Length > 0 || temporal.TlsServerCa.Length > 0
            || temporal.TlsClientCertificate.Length > 0;
        return new(address)
        {
            Namespace = temporal.Namespace,
            Identity = identity,
            ApiKey = temporal.ApiKey.Length > 0 ? temporal.ApiKey : null,
            Tls = !usesTls ? null : new()
            {
                ServerRootCACert = ReadPem("Temporal:TlsServerCa", temporal.TlsServerCa),
                ClientCert = ReadPem("Temporal:TlsClientCertificate", temporal.TlsClientCertificate),
                ClientPrivateKey = ReadPem("Temporal:TlsClientKey", temporal.TlsClientKey),
                Domain = temporal.TlsServerName.Length > 0 ? temporal.TlsServerName : null,
            },
        };
    }

    static string Address(HostSettings settings) =>
        settings.Temporal.Address.Length > 0 ? settings.Temporal.Address
        : StateFolder.ReadEndpoint(settings.DataDirectory)?.Address ?? settings.Engine.Listen;

    static byte[]? ReadPem(string key, string file)
    {
        if (file.Length == 0)
            return null;
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadSettings, $"{key}: cannot read {file}: {ex.Message}");
        }
    }

    static CommandFailure Unreachable(HostSettings settings, string address, Exception ex) => new(
        ExitCode.Unavailable,
        settings.Temporal.Address.Length > 0
            ? $"the Temporal server at {address} does not answer: {ex.Message}"
            : $"no engine answers at {address}; start it with `maintenance up`, or name its data folder with `--data DIR`. ({ex.Message})");
}

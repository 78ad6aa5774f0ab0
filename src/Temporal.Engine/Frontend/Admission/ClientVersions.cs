using System.Collections.Concurrent;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;

namespace Temporal.Engine;

/// <summary>Refuses clients that say they are made for another server, or that are too new for this one.</summary>
static class ClientVersions
{
    /// <summary>Clients by the name that they send; the versions of others are not looked at.</summary>
    public static readonly IReadOnlyDictionary<string, string> Supported = new Dictionary<string, string>
    {
        ["Nexus-go-sdk"] = "<2.0.0",
        ["temporal-cli"] = "<2.0.0",
        ["temporal-go"] = "<2.0.0",
        ["temporal-java"] = "<2.0.0",
        ["temporal-php"] = "<2.0.0",
        ["temporal-server"] = "<2.0.0",
        ["temporal-typescript"] = "<2.0.0",
        ["temporal-ui"] = "<3.0.0",
    };

    /// <summary>How many different header values are remembered; clients of one installation send a handful.</summary>
    const int RememberedMax = 256;

    static readonly ConcurrentDictionary<(string Name, string Version, string Servers), RpcFailure?> Verdicts = new();

    public static void Check(RpcServerCall call)
    {
        var key = (Header(call, "client-name"), Header(call, "client-version"), Header(call, "supported-server-versions"));
        if (!Verdicts.TryGetValue(key, out var verdict))
        {
            verdict = ServerVerdict(key.Item3) ?? ClientVerdict(key.Item1, key.Item2);
            if (Verdicts.Count < RememberedMax)
                Verdicts.TryAdd(key, verdict);
        }

        // A fresh one: an exception carries the stack of its throw.
        if (verdict is not null)
            throw new RpcFailure(verdict.Status, verdict.Message, verdict.Details);
    }

    static RpcFailure? ServerVerdict(string servers)
    {
        if (servers.Length == 0)
            return null;

        try
        {
            return VersionRange.Parse(servers).Contains(ServerVersion.Value) ? null : RpcFailure.WithDetail(
                RpcStatus.FailedPrecondition,
                $"Server version {ServerVersion.Text} is not supported. Client supports server versions: {servers}",
                new ServerVersionNotSupportedFailure { ServerVersion = ServerVersion.Text, ClientSupportedServerVersions = servers });
        }
        catch (FormatException ex)
        {
            return new(RpcStatus.InvalidArgument, $"Unable to parse supported server versions: {ex.Message}");
        }
    }

    static RpcFailure? ClientVerdict(string name, string version)
    {
        if (version.Length == 0 || !Supported.TryGetValue(name, out var supported))
            return null;

        try
        {
            return VersionRange.Parse(supported).Contains(SemanticVersion.Parse(version)) ? null : RpcFailure.WithDetail(
                RpcStatus.FailedPrecondition,
                $"Client version {version} is not supported. Server supports {name} versions: {supported}",
                new ClientVersionNotSupportedFailure { ClientVersion = version, ClientName = name, SupportedVersions = supported });
        }
        catch (FormatException ex)
        {
            return new(RpcStatus.InvalidArgument, $"Unable to parse client version: {ex.Message}");
        }
    }

    static string Header(RpcServerCall call, string name) => call.Metadata.TryGetValue(name, out var value) ? value : "";
}

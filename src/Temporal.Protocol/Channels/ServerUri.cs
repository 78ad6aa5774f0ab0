using System.Net;

namespace Temporal.Protocol;

/// <summary>An address as HTTP wants it.</summary>
static class ServerUri
{
    public static Uri Parse(RpcChannelOptions options)
    {
        var scheme = options.Encrypted ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return !options.Address.Contains('/')
            && Uri.TryCreate($"{scheme}://{options.Address}", UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            ? uri
            : throw new ArgumentException($"'{options.Address}' is no address of a server; write host:port, such as localhost:7233.");
    }

    public static bool IsThisMachine(Uri uri) =>
        uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}

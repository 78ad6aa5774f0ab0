using System.Runtime.InteropServices;

namespace Temporalio.Client;

/// <summary>
/// Where a worker takes its connection from. In the official package that is a handle of a native library; here the
/// handle is always null and the provider is the <see cref="TemporalConnection"/> itself.
/// </summary>
public interface IBridgeClientProvider
{
    SafeHandle? BridgeClient { get; }
}

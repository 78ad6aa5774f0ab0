using System.Threading.Channels;
using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Recovery;

/// <summary>The attempts whose activity ended without a report, to be looked after by <see cref="AttemptKeeper"/>.</summary>
public sealed class OrphanedAttempts
{
    readonly Channel<AttemptKey> _keys = Channel.CreateUnbounded<AttemptKey>(new UnboundedChannelOptions { SingleReader = true });

    public void LookAfter(AttemptKey key) => _keys.Writer.TryWrite(key);

    internal ChannelReader<AttemptKey> Keys => _keys.Reader;
}

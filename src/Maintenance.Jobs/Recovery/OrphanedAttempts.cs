using System.Collections.Concurrent;
using System.Threading.Channels;
using Maintenance.Jobs.Attempts;

namespace Maintenance.Jobs.Recovery;

/// <summary>
/// Which attempts an activity of this worker follows, and which were let go without a report and are to be looked after by <see
/// cref="AttemptKeeper"/>: never both at a time, or the same attempt would be reported twice.
/// </summary>
public sealed class OrphanedAttempts
{
    readonly Channel<AttemptKey> _keys = Channel.CreateUnbounded<AttemptKey>(new UnboundedChannelOptions { SingleReader = false });

    readonly ConcurrentDictionary<AttemptKey, int> _followed = new();

    /// <summary>An activity follows the attempt until the result is disposed.</summary>
    internal IDisposable Follow(AttemptKey key)
    {
        _followed.AddOrUpdate(key, 1, (_, count) => count + 1);
        return new Following(this, key);
    }

    internal bool IsEmpty => _followed.IsEmpty && _keys.Reader.Count == 0;

    internal bool IsFollowed(AttemptKey key) => _followed.GetValueOrDefault(key) > 0;

    public void LookAfter(AttemptKey key) => _keys.Writer.TryWrite(key);

    internal ChannelReader<AttemptKey> Keys => _keys.Reader;

    sealed class Following(OrphanedAttempts owner, AttemptKey key) : IDisposable
    {
        public void Dispose()
        {
            if (owner._followed.AddOrUpdate(key, 0, (_, count) => count - 1) <= 0)
                owner._followed.TryRemove(new KeyValuePair<AttemptKey, int>(key, 0));
        }
    }
}

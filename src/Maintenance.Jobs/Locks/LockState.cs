namespace Maintenance.Jobs.Locks;

/// <summary>
/// Who holds a lock and who waits. Pure, because the workflow replays it; it is also what a continue-as-new carries over. The queue is
/// served strictly from its front: nobody overtakes within a priority, so a run of shared holders cannot starve an exclusive one.
/// </summary>
public sealed record LockState
{
    public required string Name { get; init; }
    public IReadOnlyList<LockHolder> Holders { get; init; } = [];

    /// <summary>By priority, then in the order of asking.</summary>
    public IReadOnlyList<LockRequest> Queue { get; init; } = [];
    public long LastToken { get; init; }

    public static LockState Of(LockStatusView view) => new()
    {
        Name = view.Lock, LastToken = view.LastToken, Holders = view.Holders, Queue = view.Queue,
    };

    public LockState Ask(LockRequest request)
    {
        if (Knows(request.Id))
            return this;
        var behind = Queue.TakeWhile(q => q.Priority >= request.Priority).Count();
        return this with { Queue = [.. Queue.Take(behind), request, .. Queue.Skip(behind)] };
    }

    /// <summary>Gives the lock back, or takes the request out of the queue.</summary>
    public LockState Release(string id) => this with
    {
        Holders = [.. Holders.Where(h => h.Request.Id != id)],
        Queue = [.. Queue.Where(q => q.Id != id)],
    };

    /// <summary>Serves the front of the queue as far as the limits allow.</summary>
    /// <param name="now">Tokens are made from it, so that they grow even if this lock's workflow was lost and a new one begins.</param>
    public (LockState State, IReadOnlyList<LockHolder> Granted) Grant(DateTimeOffset now)
    {
        var (state, granted) = (this, new List<LockHolder>());
        while (state.Queue is [var next, ..] && state.HasRoomFor(next))
        {
            var holder = new LockHolder(next, Math.Max(state.LastToken + 1, now.ToUnixTimeMilliseconds()), now);
            granted.Add(holder);
            state = state with { Holders = [.. state.Holders, holder], Queue = [.. state.Queue.Skip(1)], LastToken = holder.Token };
        }

        return (state, granted);
    }

    public LockStatusView ToView() => new()
    {
        Lock = Name,
        Slots = Holders.Count == 0 || Limit == LockDefinition.Shared ? null : Limit,
        LastToken = LastToken,
        Holders = Holders,
        Queue = Queue,
    };

    public int AheadOf(string id) => Queue.TakeWhile(q => q.Id != id).Count();

    bool Knows(string id) => Holders.Any(h => h.Request.Id == id) || Queue.Any(q => q.Id == id);

    bool HasRoomFor(LockRequest request) => Holders.Count + 1 <= Math.Min(request.Limit, Limit);

    int Limit => Holders.Count == 0 ? LockDefinition.Shared : Holders.Min(h => h.Request.Limit);
}

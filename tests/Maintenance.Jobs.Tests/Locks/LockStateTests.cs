using Maintenance.Jobs.Locks;

namespace Maintenance.Jobs.Tests.Locks;

public sealed class LockStateTests
{
    static readonly DateTimeOffset _start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("x x", "1")]
    [InlineData("s s s", "1 2 3")]
    [InlineData("3 3 3 3", "1 2 3")]
    // Whoever holds it says how many may: the smallest limit counts, in whichever order they come.
    [InlineData("s x", "1")]
    [InlineData("x s", "1")]
    [InlineData("s 2 s", "1 2")]
    [InlineData("3 2 2", "1 2")]
    public void Holders_agree_on_how_many_they_are(string asked, string granted)
    {
        var state = AskAll(asked);

        Assert.Equal(granted, string.Join(' ', state.Grant(_start).Granted.Select(h => h.Request.Id)));
    }

    [Fact]
    public void Nobody_overtakes_a_waiting_exclusive_one()
    {
        var state = AskAll("s x s").Grant(_start).State;

        var (second, none) = state.Ask(Request("4", "s")).Grant(_start);
        Assert.Empty(none);
        var (third, exclusive) = second.Release("1").Grant(_start);
        Assert.Equal(["2"], exclusive.Select(h => h.Request.Id));
        Assert.Equal(["3", "4"], third.Release("2").Grant(_start).Granted.Select(h => h.Request.Id));
    }

    [Fact]
    public void A_higher_priority_is_served_first_and_equal_ones_in_turn()
    {
        var state = AskAll("x").Grant(_start).State
            .Ask(Request("low", "x", LockPriority.Low)).Ask(Request("a", "x")).Ask(Request("high", "x", LockPriority.High)).Ask(Request("b", "x"));

        var served = new List<string>();
        for (var holder = "1"; state.Queue.Count > 0; holder = served[^1])
        {
            (state, var granted) = state.Release(holder).Grant(_start);
            served.Add(granted.Single().Request.Id);
        }

        Assert.Equal(["high", "a", "b", "low"], served);
    }

    [Fact]
    public void The_same_request_again_changes_nothing()
    {
        var state = AskAll("x x").Grant(_start).State;

        Assert.Same(state, state.Ask(Request("1", "x")));
        Assert.Same(state, state.Ask(Request("2", "x")));
    }

    [Fact]
    public void A_lock_whose_workflow_was_lost_still_gives_out_greater_tokens()
    {
        var before = AskAll("x").Grant(_start).State.LastToken;

        var afresh = AskAll("x").Grant(_start.AddSeconds(1)).State.LastToken;

        Assert.True(afresh > before);
    }

    /// <summary>Ten thousand random messages: what must hold after each one holds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_in_whatever_order_the_limits_hold_tokens_grow_and_all_are_served(int seed)
    {
        var random = new Random(seed);
        var state = new LockState { Name = "l" };
        var (open, tokens) = (new List<string>(), new List<long>());
        for (var i = 0; i < 10_000; i++)
        {
            if (open.Count < 30 && random.Next(2) == 0)
            {
                var request = Request($"{i}", "xs23"[random.Next(4)].ToString(), (LockPriority)random.Next(3));
                open.Add(request.Id);
                state = state.Ask(request);
            }
            else if (open.Count > 0)
            {
                // A holder, a waiting one, or one that was given back before: all may come.
                var id = open[random.Next(open.Count)];
                open.Remove(id);
                state = state.Release(id);
            }

            (state, var granted) = state.Grant(_start.AddMilliseconds(i / 10));
            tokens.AddRange(granted.Select(h => h.Token));
            Assert.True(state.Holders.All(h => state.Holders.Count <= h.Request.Limit));
            Assert.True(state.Queue.Count == 0 || state.Holders.Count > 0, "a lock that nobody holds blocks");
            Assert.Equal(open.Order(), state.Holders.Select(h => h.Request.Id).Concat(state.Queue.Select(q => q.Id)).Order());
        }

        Assert.Equal(tokens.Distinct().Order(), tokens);
    }

    static LockState AskAll(string kinds)
    {
        var state = new LockState { Name = "l" };
        foreach (var (kind, i) in kinds.Split(' ').Select((kind, i) => (kind, i)))
            state = state.Ask(Request($"{i + 1}", kind));
        return state;
    }

    static LockRequest Request(string id, string kind, LockPriority priority = LockPriority.Normal) => new()
    {
        Id = id,
        Lock = "l",
        Limit = kind switch { "x" => 1, "s" => LockDefinition.Shared, _ => int.Parse(kind) },
        Priority = priority,
        Job = "j",
        WorkflowId = $"w{id}",
        ExecutionRunId = $"r{id}",
        RunId = $"r{id}",
        AskedAt = _start,
    };
}

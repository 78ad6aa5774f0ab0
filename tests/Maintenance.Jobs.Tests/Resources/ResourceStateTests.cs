using Maintenance.Jobs.Resources;

namespace Maintenance.Jobs.Tests.Resources;

/// <summary>What a resource does next, and what the end of a job makes of it. No clock, no I/O.</summary>
public sealed class ResourceStateTests
{
    static readonly DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_provisioned_first_then_looked_at_then_left_alone_until_the_next_look()
    {
        var state = ResourceState.New(Declared(ResourceOperation.Provision, ResourceOperation.Monitor));

        Assert.Equal(new ResourceMove.Do(ResourceOperation.Provision, null), state.Next(_now));
        state = Ended(state, ResourceOperation.Provision, ("id", "r-1"));
        Assert.Equal(new ResourceMove.Do(ResourceOperation.Monitor, null), state.Next(_now));
        state = Ended(state, ResourceOperation.Monitor);
        Assert.Equal(new ResourceMove.Wait(_now + TimeSpan.FromHours(12)), state.Next(_now));
        Assert.Equal("r-1", state.Facts["id"]);
    }

    [Fact]
    public void What_is_there_already_is_only_looked_at()
    {
        var state = ResourceState.New(Declared(ResourceOperation.Monitor, ResourceOperation.Modify));

        Assert.Equal(new ResourceMove.Do(ResourceOperation.Monitor, null), state.Next(_now));
    }

    [Theory]
    [InlineData("2026-03-31T12:00:00Z", "upgrade")]
    [InlineData("2026-03-31T12:00:01Z", "wait until 2026-03-01T12:00:01")]
    [InlineData("2026-06-01T00:00:00Z", "wait until 2026-03-02T00:00:00")]
    [InlineData("someday", "wait until 2026-03-02T00:00:00")]
    public void It_is_upgraded_thirty_days_before_it_expires(string expires, string next)
    {
        var state = Ended(ResourceState.New(Declared(ResourceOperation.Monitor, ResourceOperation.Upgrade)), ResourceOperation.Monitor, ("expires", expires));

        Assert.Equal(next, Text(state.Next(_now)));
    }

    [Fact]
    public void After_an_upgrade_it_is_looked_at_at_once_and_the_old_expiry_is_forgotten()
    {
        var state = Ended(ResourceState.New(Declared(ResourceOperation.Monitor, ResourceOperation.Upgrade)), ResourceOperation.Monitor, ("expires", "2026-03-02T00:00:00Z"));

        state = Ended(state, ResourceOperation.Upgrade);

        Assert.Equal(new ResourceMove.Do(ResourceOperation.Monitor, null), state.Next(_now));
        Assert.Null(state.Expires);
    }

    [Fact]
    public void A_failure_is_tried_again_an_hour_later_but_a_person_need_not_wait()
    {
        var state = ResourceState.New(Declared(ResourceOperation.Provision, ResourceOperation.Monitor));
        state = state.Begin(null).End(new(ResourceOperation.Provision, "w", false, "no quota", new Dictionary<string, string>()), null, _now);
        var order = new ResourceOrder(ResourceOperation.Provision, "ann", "quota raised");

        Assert.Equal(new ResourceMove.Wait(_now + TimeSpan.FromHours(1)), state.Next(_now));
        Assert.Equal("provision: no quota", state.Problem);
        Assert.Equal(new ResourceMove.Do(ResourceOperation.Provision, order), state.Add(order).Next(_now));
        Assert.Equal(new ResourceMove.Do(ResourceOperation.Provision, null), state.Next(_now + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_changed_declaration_is_a_modification_and_the_same_one_is_nothing()
    {
        var declared = Declared(ResourceOperation.Monitor, ResourceOperation.Modify);
        var state = Ended(ResourceState.New(declared), ResourceOperation.Monitor);
        var larger = declared with { Jobs = declared.Jobs.ToDictionary(j => j.Key, j => j.Key == ResourceOperation.Modify ? j.Value with { InputJson = """{"size":2}""" } : j.Value) };

        Assert.Same(state, state.Declare(Declared(ResourceOperation.Monitor, ResourceOperation.Modify)));
        Assert.Equal(new ResourceMove.Do(ResourceOperation.Modify, null), state.Declare(larger).Next(_now));
        Assert.IsType<ResourceMove.Wait>(Ended(state.Declare(larger), ResourceOperation.Modify).Next(_now));
    }

    [Fact]
    public void The_same_order_twice_is_one()
    {
        var state = ResourceState.New(Declared(ResourceOperation.Monitor)).Add(new(ResourceOperation.Monitor, "ann", null)).Add(new(ResourceOperation.Monitor, "bob", null));

        Assert.Equal("ann", Assert.Single(state.Orders).By);
        Assert.Empty(state.Begin(state.Orders[0]).Orders);
    }

    [Fact]
    public void What_happened_and_what_was_found_out_stays_within_bounds()
    {
        var state = ResourceState.New(Declared(ResourceOperation.Monitor));
        for (var i = 0; i < 200; i++)
            state = Ended(state, ResourceOperation.Monitor, ($"fact{i}", new string('x', 5000)));

        Assert.Equal(ResourceLimits.EventsKept, state.Events.Count);
        Assert.Equal(ResourceLimits.FactsMax, state.Facts.Count);
        Assert.All(state.Facts.Values, value => Assert.Equal(ResourceLimits.FactLengthMax, value.Length));
    }

    static ResourceDefinition Declared(params ResourceOperation[] operations) => new()
    {
        Id = "r", Kind = "thing", Jobs = operations.ToDictionary(o => o, o => new ResourceJob($"{o}-job".ToLowerInvariant(), """{"size":1}""")),
    };

    static ResourceState Ended(ResourceState state, ResourceOperation operation, params (string Name, string Value)[] outputs) =>
        state.Begin(null).End(new(operation, "w", true, null, outputs.ToDictionary(o => o.Name, o => o.Value)), null, _now);

    static string Text(ResourceMove move) => move switch
    {
        ResourceMove.Do what => ResourceState.Word(what.Operation),
        ResourceMove.Wait wait => $"wait until {wait.Until:yyyy-MM-ddTHH:mm:ss}",
        _ => "",
    };
}

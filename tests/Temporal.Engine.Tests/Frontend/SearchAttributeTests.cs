using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using static Temporal.Protocol.OperatorServiceMethods;

namespace Temporal.Engine.Tests;

public sealed class SearchAttributeTests
{
    [Fact]
    public async Task Attributes_belong_to_their_namespace_and_survive_a_restart()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(AddSearchAttributes, Adding(("Customer", IndexedValueType.Keyword)));

        await engine.RestartAsync();

        Assert.Equal(IndexedValueType.Keyword, (await ListAsync(engine, "default"))["Customer"]);
        Assert.Empty(await ListAsync(engine, "temporal-system"));
    }

    [Fact]
    public async Task One_more_of_a_type_than_there_is_room_for_changes_nothing()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(AddSearchAttributes, Adding(("A", IndexedValueType.Bool), ("B", IndexedValueType.Bool)));

        var failure = await engine.FailAsync(AddSearchAttributes, Adding(("C", IndexedValueType.Bool), ("D", IndexedValueType.Bool)));

        Assert.Equal("Unable to create search attributes: cannot have more than 3 search attribute of type Bool.", failure.Message);
        Assert.Equal(["A", "B"], (await ListAsync(engine, "default")).Keys.Order());
    }

    [Fact]
    public async Task A_removed_attribute_makes_room_for_another()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(AddSearchAttributes, Adding(("A", IndexedValueType.Text)));

        await engine.CallAsync(RemoveSearchAttributes, new() { Namespace = "default", SearchAttributes = { "A" } });
        await engine.CallAsync(AddSearchAttributes, Adding(("A", IndexedValueType.Int)));

        Assert.Equal(IndexedValueType.Int, (await ListAsync(engine, "default"))["A"]);
    }

    static async Task<IDictionary<string, IndexedValueType>> ListAsync(RunningEngine engine, string name) =>
        (await engine.CallAsync(ListSearchAttributes, new() { Namespace = name })).CustomAttributes;

    static AddSearchAttributesRequest Adding(params (string Name, IndexedValueType Type)[] attributes) => new()
    {
        Namespace = "default",
        SearchAttributes = { attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Type) },
    };
}

using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

public class ReferenceTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a ${input.x} b", "a <input x > b")]
    [InlineData("${run.id}${steps.a-b.outputs.c_d}", "<run id ><steps a-b outputs.c_d>")]
    [InlineData("$${input.x}", "${input.x}")]
    [InlineData("cost: $5 $(date) `date`", "cost: $5 $(date) `date`")]
    [InlineData("${steps.a.exitCode}", "<steps a exitCode>")]
    public void References_are_replaced_and_everything_else_is_left(string text, string expected) =>
        Assert.Equal(expected, ReferenceText.Resolve(text, r => $"<{r.Scope} {r.Name} {r.Member}>"));

    [Fact]
    public void A_value_with_a_reference_in_it_is_not_read_again() =>
        Assert.Equal("${run.id}", ReferenceText.Resolve("${input.x}", _ => "${run.id}"));

    [Theory]
    [InlineData("${date}")]
    [InlineData("${input.}")]
    [InlineData("${input.x")]
    [InlineData("${steps.a}")]
    [InlineData("${1+1}")]
    public void What_is_no_reference_is_reported(string text) => Assert.Single(ReferenceText.Read(text).Broken);
}

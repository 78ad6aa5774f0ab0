using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

public class ConditionTests
{
    static readonly Dictionary<string, string> _values = new() { ["input.n"] = "10", ["input.mode"] = "all", ["input.dry"] = "true", ["input.empty"] = "", ["input.quote"] = "' or '1' == '1" };

    [Theory]
    [InlineData("${input.n} == 10.0", true)]
    [InlineData("${input.n} > 9", true)]
    [InlineData("${input.n} <= 9.99", false)]
    [InlineData("${input.mode} == 'all'", true)]
    [InlineData("${input.mode} != 'All'", true)]
    [InlineData("${input.mode} in ['security', 'all']", true)]
    [InlineData("${input.mode} in ['security']", false)]
    [InlineData("${input.dry}", true)]
    [InlineData("not ${input.dry}", false)]
    [InlineData("${input.empty} == ''", true)]
    [InlineData("${input.empty}", false)]
    [InlineData("${input.n} > 9 and not (${input.mode} == 'x' or ${input.dry} == false)", true)]
    [InlineData("${input.n} > 99 or ${input.n} > 9 and ${input.dry}", true)]
    [InlineData("${input.n} > 99 and ${input.dry} or ${input.n} > 9", true)]
    // A value is a value, whatever it looks like.
    [InlineData("${input.quote} == 'x'", false)]
    public void Conditions_mean_what_they_say(string text, bool holds) => Assert.Equal(holds, Condition.Parse(text).Holds(r => _values[r.ToString()]));

    [Theory]
    [InlineData("", 1, "a value is missing")]
    [InlineData("${input.n} >", 13, "a value is missing")]
    [InlineData("${input.n} = 3", 12, "'= 3' is not expected here")]
    [InlineData("'a'", 4, "a comparison such as")]
    [InlineData("(${input.n} > 3", 16, "a ')' is missing")]
    [InlineData("${input.n} == 'a", 15, "the closing '")]
    [InlineData("${date()} == 1", 1, "'${date()}' is no reference")]
    [InlineData("${input.n} in 'a'", 15, "a '['")]
    [InlineData("system('rm')", 1, "'system' is no value")]
    [InlineData("${input.n} + 1 > 3", 12, "not expected here")]
    public void What_is_no_condition_is_refused_with_its_place(string text, int column, string words)
    {
        var wrong = Assert.Throws<ConditionException>(() => Condition.Parse(text));

        Assert.Equal(column, wrong.Column);
        Assert.Contains(words, wrong.Message);
    }

    [Fact]
    public void A_comparison_by_size_needs_numbers() =>
        Assert.Contains("'all' is no number", Assert.Throws<ConditionException>(() => Condition.Parse("${input.mode} > 1").Holds(r => _values[r.ToString()])).Message);

    [Fact]
    public void Nesting_has_a_limit() => Assert.Throws<ConditionException>(() => Condition.Parse(new string('(', 5000) + "${input.n}"));
}

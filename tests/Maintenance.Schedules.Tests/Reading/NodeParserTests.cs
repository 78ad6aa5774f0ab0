namespace Maintenance.Schedules.Tests.Reading;

public sealed class NodeParserTests
{
    readonly ProblemList _problems = new("f.json", "SCH");

    [Fact]
    public void Comments_and_trailing_commas_are_allowed_and_positions_count_them()
    {
        var root = NodeParser.Parse("{ // what\n  /* é */ \"ä\": [1, \"x\",],\n}", _problems)!;

        Assert.False(_problems.Any);
        var list = root.Find("ä")!;
        Assert.Equal(new Position(2, 16), list.Position);
        Assert.Equal(new Position(2, 20), list.Items[1].Position);
        Assert.Equal("ä[1]", list.Items[1].Path);
        Assert.Equal("[1, \"x\",]", list.Source);
        Assert.Equal("""{"\u00E4":[1,"x"]}""", root.ToJson());
    }

    [Fact]
    public void Numbers_keep_their_digits()
    {
        var root = NodeParser.Parse("[12345678901234567890.10, 1e400]", _problems)!;

        Assert.Equal("[12345678901234567890.10,1e400]", root.ToJson());
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2 }", 3, 3)]
    [InlineData("{ \"ää\": x }", 1, 9)]
    [InlineData("{} {}", 1, 4)]
    public void A_text_that_is_no_json_is_one_problem_with_its_place(string text, int line, int column)
    {
        Assert.Null(NodeParser.Parse(text, _problems));

        var problem = Assert.Single(_problems.ToList());
        Assert.Equal("SCH001", problem.Code);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void A_member_that_stands_twice_is_a_problem()
    {
        NodeParser.Parse("{ \"a\": 1,\n  \"a\": 2 }", _problems);

        Assert.Equal("f.json:2:3 SCH002 a: 'a' stands twice in one object; the first is on line 1. Keep one of them.", Assert.Single(_problems.ToList()).ToString());
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_problem_and_no_crash()
    {
        NodeParser.Parse("""{ "a": "\ud800" }""", _problems);

        Assert.Equal("SCH001", Assert.Single(_problems.ToList()).Code);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.NotNull(NodeParser.Parse("\uFEFF{}", _problems));

    [Fact]
    public void Nesting_without_end_is_a_problem_and_no_crash()
    {
        Assert.Null(NodeParser.Parse(new string('[', 100_000), _problems));

        Assert.Single(_problems.ToList());
    }
}

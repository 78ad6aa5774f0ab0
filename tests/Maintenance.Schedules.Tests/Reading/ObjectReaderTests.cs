namespace Maintenance.Schedules.Tests.Reading;

public sealed class ObjectReaderTests
{
    readonly ProblemList _problems = new("f.json", "JOB");

    ObjectReader Read(string text) => ObjectReader.Open(NodeParser.Parse(text, _problems)!, _problems)!;

    [Fact]
    public void All_problems_are_found_at_once_in_the_order_of_the_file()
    {
        var reader = Read("""{ "name": 3, "timeout": "5 minutes", "retries": 11, "tiemout": "5s", "mode": "fats" }""");

        reader.OneOf("mode", "fast", "slow");
        reader.Int("retries", 0, 10);
        reader.RequiredString("name");
        reader.RequiredString("run");
        reader.Duration("timeout");
        reader.Close();

        Assert.Equal(
            ["JOB005", "JOB004", "JOB006", "JOB007", "JOB003", "JOB008"],
            _problems.ToList().Select(p => p.Code));
        Assert.Contains("Did you mean 'timeout'?", _problems.ToList()[4].Fix, StringComparison.Ordinal);
        Assert.Equal("Did you mean 'fast'?", _problems.ToList()[5].Fix);
    }

    [Fact]
    public void Null_counts_as_absent() => Assert.Null(Read("""{ "a": null }""").String("a"));

    [Fact]
    public void An_empty_text_is_a_problem()
    {
        Assert.Null(Read("""{ "a": "" }""").String("a"));

        Assert.Equal("JOB011", Assert.Single(_problems.ToList()).Code);
    }

    [Fact]
    public void The_schema_member_is_always_accepted()
    {
        Read("""{ "$schema": "x" }""").Close();

        Assert.False(_problems.Any);
    }
}

using System.Text.Json;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

public class InputBindingTests
{
    static readonly JobDefinition _job = new()
    {
        Name = "j",
        Steps = [],
        Input =
        [
            new() { Name = "database", Type = InputType.String, Pattern = "^[a-z]+$" },
            new() { Name = "age", Type = InputType.Duration, Default = "60" },
            new() { Name = "port", Type = InputType.Int, Default = "5432", Min = 1, Max = 65535 },
            new() { Name = "mode", Type = InputType.String, Default = "a", Enum = ["a", "b"] },
            new() { Name = "dry", Type = InputType.Bool, Default = "false" },
            new() { Name = "password", Type = InputType.Secret, Default = "env:PW" },
        ],
    };

    [Fact]
    public void Values_are_seen_as_scripts_will_see_them()
    {
        var (values, problems) = Bind("""{ "database": "orders", "age": "2h", "port": 1, "dry": true }""");

        Assert.Empty(problems);
        Assert.Equal("orders 7200 1 a true env:PW", string.Join(' ', values.Values));
    }

    [Theory]
    [InlineData("{}", "'database' is missing")]
    [InlineData("""{ "database": "ORDERS" }""", "must match")]
    [InlineData("""{ "database": 3 }""", "must be a text")]
    [InlineData("""{ "database": "x", "databse": "y" }""", "Did you mean 'database'")]
    [InlineData("""{ "database": "x", "age": "soon" }""", "length of time")]
    [InlineData("""{ "database": "x", "port": 70000 }""", "at most 65535")]
    [InlineData("""{ "database": "x", "port": 1.5 }""", "whole number")]
    [InlineData("""{ "database": "x", "mode": "c" }""", "one of a, b")]
    [InlineData("""{ "database": "x", "password": "hunter2" }""", "never the secret itself")]
    [InlineData("[1]", "must be a JSON object")]
    public void What_does_not_fit_is_said(string given, string words) =>
        Assert.Contains(words, Assert.Single(Bind(given).Problems));

    static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Problems) Bind(string given) =>
        InputBinding.Bind(_job, JsonDocument.Parse(given).RootElement);
}

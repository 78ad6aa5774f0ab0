using System.Text.Json;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Definition;

public class InputTypeTests
{
    [Theory]
    [InlineData(""" "type": "number" """, "1.5", "1.5")]
    [InlineData(""" "type": "number" """, "\"-3\"", "-3")]
    [InlineData(""" "type": "date" """, "\"2026-12-24\"", "2026-12-24")]
    [InlineData(""" "type": "enum", "enum": ["a", "b"] """, "\"b\"", "b")]
    [InlineData(""" "type": "list" """, """["x y", 2]""", """["x y","2"]""")]
    [InlineData(""" "type": "list" """, "\"x y, z\"", """["x","y","z"]""")]
    [InlineData(""" "type": "duration", "min": "1m" """, "\"2m\"", "120")]
    public void A_value_is_kept_in_one_form(string type, string given, string kept) => Assert.Equal(kept, Assert.Single(Bind(type, given).Values).Value);

    [Theory]
    [InlineData(""" "type": "number", "max": 2 """, "2.5", "is 2.5 and must be at most 2.")]
    [InlineData(""" "type": "number" """, "\"1e5\"", "must be a number such as 1.5.")]
    [InlineData(""" "type": "date" """, "\"24.12.2026\"", "must be a date such as 2026-12-24.")]
    [InlineData(""" "type": "date", "min": "2026-01-01", "max": "2026-12-31" """, "\"2027-01-01\"", "is 2027-01-01 and must be at least 2026-01-01 and at most 2026-12-31.")]
    [InlineData(""" "type": "duration", "max": "1h" """, "\"2h\"", "is 2h and must be at most 1h.")]
    [InlineData(""" "type": "enum", "enum": ["a", "b"] """, "\"c\"", "is 'c' and must be one of a, b.")]
    [InlineData(""" "type": "list", "max": 1 """, """["a", "b"]""", "is 2 items long and must be at most 1 items long.")]
    [InlineData(""" "type": "list", "pattern": "^[a-z]+$" """, """["a", "B"]""", "is 'B' and must match ^[a-z]+$.")]
    [InlineData(""" "type": "list" """, """["a\nb"]""", "must be a list")]
    public void What_does_not_fit_is_said(string type, string given, string words) => Assert.Contains(words, Assert.Single(Bind(type, given).Problems));

    [Theory]
    [InlineData(""" "type": "enum" """, "JOB005")]
    [InlineData(""" "type": "string", "min": 1 """, "JOB038")]
    [InlineData(""" "type": "int", "min": 2, "max": 1 """, "JOB007")]
    [InlineData(""" "type": "date", "min": "soon" """, "JOB007")]
    [InlineData(""" "type": "list", "enum": ["a"], "default": ["b"] """, "JOB032")]
    [InlineData(""" "type": "strin" """, "JOB008")]
    public void A_declaration_that_makes_no_sense_is_refused(string type, string code) =>
        Assert.Equal(code, Assert.Single(Read(type).Problems).Code);

    [Theory]
    [InlineData("""["a", 1]""", "a|1")]
    [InlineData("a\n b c \n", "a|b c")]
    [InlineData("a, b  c", "a|b|c")]
    [InlineData("[not json", "[not|json")]
    [InlineData("", "")]
    public void A_text_is_taken_for_a_list_as_a_script_would_write_it(string text, string items) => Assert.Equal(items, string.Join('|', TargetList.Parse(text)));

    static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Problems) Bind(string type, string given) =>
        InputBinding.Bind(Read(type).Value!, JsonDocument.Parse($$"""{ "x": {{given}} }""").RootElement);

    static Maintenance.Schedules.ReadResult<JobDefinition> Read(string type) => JobReader.Read(
        "j", $$"""{ "input": { "x": { {{type}} } }, "steps": [ { "name": "a", "wait": "1s" } ] }""", "job.json", new Dictionary<string, string>());
}

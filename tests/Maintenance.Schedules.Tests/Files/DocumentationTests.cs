using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Maintenance.Schedules.Tests.Files;

public sealed partial class DocumentationTests
{
    [Theory]
    [InlineData("schedules.md")]
    [InlineData("time-zones.md")]
    public void Every_example_file_in_the_documentation_has_no_problem(string page)
    {
        var examples = Block().Matches(File.ReadAllText(Path.Combine(Docs(), page))).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(examples);
        foreach (var example in examples)
            Assert.Empty(ScheduleFile.Read(example, page).Problems);
    }

    [Fact]
    public void Every_problem_code_is_documented()
    {
        var text = File.ReadAllText(Path.Combine(Docs(), "schedules.md"));
        var codes = typeof(ScheduleCodes).GetFields().Select(f => $"SCH{f.GetRawConstantValue():000}").ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Contains(code, text));
    }

    [GeneratedRegex("```jsonc\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    static string Docs([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs");
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Maintenance.Records.Reports;

namespace Maintenance.Records.Tests.Reports;

/// <summary>docs/seq.md and seq/ speak of what the reports really have.</summary>
public sealed partial class SeqDocumentationTests
{
    static readonly string Root = FindRoot();

    public static TheoryData<string> Templates => [.. Directory.GetFiles(Path.Combine(Root, "seq"), "*.template").Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public void Every_property_template_and_event_type_is_documented()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "seq.md"));

        foreach (var name in PropertyNames().Append("OutputsLeftOut").Append("Signal").Append("ExitUnsure"))
            Assert.Contains($"`{name}`", text, StringComparison.Ordinal);
        foreach (var fixedText in new[]
        {
            ReportEvent.RunTemplate, ReportEvent.StepTemplate, ReportEvent.ApprovalTemplate,
            ReportEvent.RunEventId, ReportEvent.StepEventId, ReportEvent.ApprovalEventId,
        })
        {
            Assert.Contains($"`{fixedText}`", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_asks_only_for_properties_that_reports_have(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "seq", file)));
        var known = PropertyNames().Append("Signal").ToHashSet();

        var asked = Expressions(json.RootElement)
            .SelectMany(expression => Name().Matches(Quoted().Replace(expression, "")).Select(match => match.Value))
            .Where(name => name != "ToNumber");

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, known));
    }

    static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name switch
        {
            "Filter" or "Where" or "Value" => [member.Value.GetString() ?? ""],
            "GroupBy" => member.Value.EnumerateArray().Select(item => item.GetString() ?? ""),
            _ => Expressions(member.Value),
        }),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    static IEnumerable<string> PropertyNames()
    {
        var reports = new RunReports(new() { SeqServerUrl = "http://seq", TemporalUi = "http://ui" });
        return reports.Of(Some.FullRun("r1"))
            .Concat(reports.OfApproval(Some.News("r1", "w1", "job")))
            .SelectMany(message => JsonDocument.Parse(message.PayloadJson).RootElement.EnumerateObject().Select(member => member.Name))
            .Where(name => !name.StartsWith('@'))
            .Distinct();
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Maintenance.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\b")]
    private static partial Regex Name();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();
}

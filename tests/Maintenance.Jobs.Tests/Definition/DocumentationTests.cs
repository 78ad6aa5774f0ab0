using System.Reflection;
using System.Runtime.CompilerServices;
using Maintenance.Jobs.Definition;
using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Tests.Definition;

public class DocumentationTests
{
    static readonly string _page = File.ReadAllText(Path.Combine(Root(), "docs", "jobs.md"));

    [Fact]
    public void Every_problem_code_is_documented_once_and_has_one_meaning()
    {
        var codes = typeof(JobCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"| JOB{(int)f.GetRawConstantValue()!:000} |").ToList();

        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, code => Assert.Equal(2, _page.Split(code).Length));
    }

    [Fact]
    public void Every_log_event_is_documented_with_its_level()
    {
        var events = typeof(JobsOptions).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().ToList();

        Assert.NotEmpty(events);
        Assert.Equal(events.Count, events.Select(e => e.EventId).Distinct().Count());
        Assert.All(events, e => Assert.Contains($"| {e.EventId} | {e.Level} |", _page));
    }

    static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");
}

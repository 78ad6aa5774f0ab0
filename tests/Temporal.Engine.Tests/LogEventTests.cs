using System.Reflection;
using Microsoft.Extensions.Logging;
using Temporal.Protocol;

namespace Temporal.Engine.Tests;

/// <summary>docs/reference/log-events.md has exactly the events of the engine and of its socket, with their texts.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void Every_event_is_documented_with_its_level_and_text_and_no_other_is()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "reference", "log-events.md"))
            .Where(line => line.StartsWith("| 4", StringComparison.Ordinal))
            .Select(line => string.Join('|', line.Split('|')[..4]).TrimEnd());

        Assert.Equal(Events().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    static IEnumerable<string> Events() =>
        from assembly in new[] { typeof(TemporalEngine).Assembly, typeof(RpcServer).Assembly }
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let said = method.GetCustomAttribute<LoggerMessageAttribute>()
        where said is not null
        // One whose level is a parameter.
        let level = said.Level == LogLevel.None ? "by its cause" : said.Level.ToString().ToLowerInvariant()
        select $"| {said.EventId} | {level} | {said.Message}";
}

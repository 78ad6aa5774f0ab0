using System.Globalization;
using System.Reflection;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;

namespace Maintenance.Host.Tests.Documents;

/// <summary>docs/reference is true.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Every_setting_is_documented_with_its_default()
    {
        var rows = Rows("settings.md");

        foreach (var key in SettingKeys.All)
        {
            Assert.True(rows.TryGetValue($"`{key.Name}`", out var row), $"docs/reference/settings.md has no row for {key.Name}");
            if (key.Default.Length > 0 && key.Default != "00:00:00")
                Assert.Contains($"`{key.Default}`", row);
        }
    }

    [Fact]
    public void Every_documented_setting_exists()
    {
        var known = SettingKeys.All.Select(key => $"`{key.Name}`").ToHashSet(StringComparer.Ordinal);

        Assert.All(Rows("settings.md").Keys.Where(cell => cell.StartsWith('`')), cell => Assert.Contains(cell, known));
    }

    [Fact]
    public void Every_exit_code_is_documented()
    {
        var rows = Rows("cli.md");

        foreach (var code in typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static))
            Assert.Contains(Convert.ToString(code.GetRawConstantValue(), CultureInfo.InvariantCulture)!, rows.Keys);
    }

    /// <summary>The tables' rows by their first cell.</summary>
    static Dictionary<string, string> Rows(string document) =>
        File.ReadLines(Documents.PathOf($"docs/reference/{document}"))
            .Where(line => line.StartsWith('|'))
            .GroupBy(line => line.Split('|')[1].Trim())
            .ToDictionary(rows => rows.Key, rows => rows.First(), StringComparer.Ordinal);
}

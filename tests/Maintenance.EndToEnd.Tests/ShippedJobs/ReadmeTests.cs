using System.Text.Json;
using System.Text.RegularExpressions;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>Each shipped job explains itself, its README says of the inputs what job.json says, and its own cases pass.</summary>
public sealed partial class ReadmeTests
{
    static readonly string[] _sections = ["Inputs", "What it does", "Undo", "Secrets", "Try it"];

    public static TheoryData<string> Jobs => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "jobs")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Jobs))]
    public void The_table_of_inputs_is_that_of_job_json(string job)
    {
        var readme = File.ReadAllText(PathOf(job, "README.md"));
        using var definition = JsonDocument.Parse(File.ReadAllText(PathOf(job, "job.json")));
        var wanted = definition.RootElement.GetProperty("input").EnumerateObject().Select(input => Row(input.Name, input.Value));

        Assert.Equal(string.Join('\n', wanted), string.Join('\n', InputRow().Matches(Section(readme, "Inputs")).Select(row => row.Value)));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void What_a_reader_looks_for_is_there(string job)
    {
        var readme = File.ReadAllText(PathOf(job, "README.md"));

        Assert.StartsWith($"# {job}\n", readme);
        Assert.DoesNotContain(_sections, section => Section(readme, section).Trim().Length == 0);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task The_job_has_no_problem_and_its_own_cases_pass(string job)
    {
        string[] place = ["--jobs", Path.Combine(Repository.Root, "jobs"), "--schedules", Path.Combine(Repository.Root, "schedules.json")];
        var checkedJob = await Programs.RunAsync("dotnet", [Repository.Program, "job", "check", job, .. place]);
        Assert.True(checkedJob.ExitCode == 0, checkedJob.ToString());

        if (Directory.Exists(PathOf(job, "tests")))
        {
            var tested = await Programs.RunAsync("dotnet", [Repository.Program, "job", "test", job, .. place]);
            Assert.True(tested.ExitCode == 0, tested.ToString());
        }
    }

    static string PathOf(string job, string file) => Path.Combine(Repository.Root, "jobs", job, file);

    static string Section(string readme, string name) =>
        Regex.Match(readme, $@"^## {name}\n(.*?)(?=^## |\z)", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value;

    static string Row(string name, JsonElement input)
    {
        var description = input.TryGetProperty("description", out var said) ? said.GetString() : "";
        return $"| `{name}` | {Type(input)} | {Default(input)} | {description} |";
    }

    static string Type(JsonElement input)
    {
        var type = input.GetProperty("type").GetString()!;
        var words = input.TryGetProperty("enum", out var values) ? $": {string.Join(", ", values.EnumerateArray().Select(value => $"`{value}`"))}" : "";
        var range = (input.TryGetProperty("min", out var min), input.TryGetProperty("max", out var max)) switch
        {
            (true, true) => $", {min} to {max}",
            (true, false) => $", at least {min}",
            (false, true) => $", at most {max}",
            _ => "",
        };
        var unit = range.Length > 0 && type == "list" ? " items" : "";
        var pattern = input.TryGetProperty("pattern", out var shape) ? $", `{shape.GetString()!.Replace("|", "\\|", StringComparison.Ordinal)}`" : "";
        return $"{type}{words}{range}{unit}{pattern}";
    }

    static string Default(JsonElement input)
    {
        if (!input.TryGetProperty("default", out var value))
            return "required";
        var text = value.ValueKind switch
        {
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => item.GetString())),
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        };
        return text.Length == 0 ? "empty" : $"`{text}`";
    }

    [GeneratedRegex("^\\| `.*$", RegexOptions.Multiline)]
    private static partial Regex InputRow();
}

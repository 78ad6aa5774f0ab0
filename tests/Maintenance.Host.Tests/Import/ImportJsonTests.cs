using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Import;

/// <summary>
/// <c>import --json</c> over the recorded files: what the real daemon, anacron and systemd made of each. Every member that was recorded must
/// be there with the same value, but for what only a running cronie could tell.
/// </summary>
public sealed class ImportJsonTests
{
    public static TheoryData<string> Crontabs => [.. Recorded("crontabs")];

    public static TheoryData<string> Timers => [.. Recorded("timers")];

    [Theory]
    [MemberData(nameof(Crontabs))]
    public async Task A_crontab_is_read_as_cron_read_it(string name)
    {
        var expected = Expected("crontabs", name);
        string[] form = expected["form"]!.GetValue<string>() switch
        {
            "system" => ["--system"],
            "user" => ["--user", expected["user"]!.GetValue<string>()],
            _ => [],
        };
        expected.Remove("cronie");

        AssertHas(expected, await ImportAsync([Path.Combine(Folder("crontabs"), $"{name}.crontab"), .. form]));
    }

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task A_timer_and_its_service_are_read_as_systemd_read_them(string name)
    {
        var expected = Expected("timers", name);
        string[] from = expected["base"] is { } given ? ["--from", given.GetValue<string>()] : [];

        AssertHas(expected, await ImportAsync([Path.Combine(Folder("timers"), $"{name}.timer"), "--time-zone", "UTC", .. from]));
    }

    [Fact]
    public void The_recorded_files_are_complete() => Assert.Equal((32, 10), (Crontabs.Count, Timers.Count));

    [Fact]
    public async Task Without_errors_the_list_of_errors_is_empty_and_nothing_is_written()
    {
        var folder = Directory.CreateTempSubdirectory("import-").FullName;
        var file = Path.Combine(folder, "tab");
        await File.WriteAllTextAsync(file, "0 1 * * * report\n", TestContext.Current.CancellationToken);

        var json = await ImportAsync(file, "--schedules", Path.Combine(folder, "schedules.json"));

        Assert.Empty(json["errors"]!.AsArray());
        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder, recursive: true);
    }

    static async Task<JsonObject> ImportAsync(params string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var errors = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await CommandLine.RunAsync(["import", "--json", .. arguments], new Terminal(output, errors));

        Assert.True(exitCode == ExitCode.Ok, errors.ToString());
        return JsonNode.Parse(output.ToString())!.AsObject();
    }

    static void AssertHas(JsonObject expected, JsonObject found)
    {
        foreach (var (member, value) in expected)
        {
            // What goes beyond the record (a comment, errors as text) is not looked at; entries are compared member by member.
            if (member == "entries")
                foreach (var entry in found[member]!.AsArray())
                    entry!.AsObject().Remove("comment");
            Assert.True(JsonNode.DeepEquals(value, found[member]), $"{member}\n  recorded {value?.ToJsonString()}\n  found    {found[member]?.ToJsonString()}");
        }

        // What was not recorded did not happen.
        foreach (var member in new[] { "refusal", "serviceError", "ignoredTimerLines", "user", "executable", "timeoutStartSeconds", "execStart", "environment" })
            Assert.True(expected.ContainsKey(member) || !found.ContainsKey(member), $"{member}: {found[member]?.ToJsonString()}");
    }

    static IEnumerable<string> Recorded(string folder) =>
        Directory.GetFiles(Folder(folder), "*.expected.json").Select(file => Path.GetFileName(file).Replace(".expected.json", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    static JsonObject Expected(string folder, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(folder), $"{name}.expected.json")))!.AsObject();

    static string Folder(string name) => Documents.Documents.PathOf($"tests/vectors/{name}");
}

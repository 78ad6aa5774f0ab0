using Maintenance.Host.Settings;

namespace Maintenance.Host.Tests.Settings;

/// <summary>All that is wrong with the settings is said at once, with what to write instead.</summary>
public sealed class SettingsReaderTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_mistake_is_said_at_once_and_one_hides_no_other()
    {
        var problems = ProblemsOf(
            """
            {
              "Temporal": { "Adress": "x", "Address": "nowhere", "Tls": "perhaps" },
              "Worker": { "MaxConcurrentSteps": "many", "MaxCachedWorkflows": -1, "ShutdownGrace": "soon" },
              "Records": { "KeepFailed": "-1.00:00:00" },
              "Engine": { "Listen": "banana", "ApiKeys": { "ci": "hunter2" } },
              "Seq": { "ServerUrl": "nope" }
            }
            """);

        Assert.Equal(
            [
                "Engine:ApiKeys:ci", "Engine:Listen", "Records:KeepFailed", "Seq:ServerUrl", "Temporal:Address", "Temporal:Adress", "Temporal:Tls",
                "Worker:MaxCachedWorkflows", "Worker:MaxConcurrentSteps", "Worker:ShutdownGrace",
            ],
            problems.Select(problem => problem.Split(' ')[0].TrimEnd(':')).Order(StringComparer.Ordinal));
        Assert.Contains("Worker:ShutdownGrace is 'soon'; write days.hours:minutes:seconds, such as 00:00:05 or 400.00:00:00", problems);
        Assert.Contains("Worker:MaxConcurrentSteps is 'many'; write a whole number", problems);
        Assert.Contains("Temporal:Tls is 'perhaps'; write true or false", problems);
        Assert.DoesNotContain(problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_said_with_line_and_column() =>
        Assert.StartsWith($"{_folder}/maintenance.json:2:15 is no JSON: ", Assert.Single(ProblemsOf("{\n  \"Temporal\": x\n}")));

    [Fact]
    public void A_file_that_is_not_there_is_said_when_it_was_named()
    {
        var refused = Assert.Throws<InvalidSettingsException>(() => SettingsReader.Read($"{_folder}/none.json", []));

        Assert.Contains("--config FILE", Assert.Single(refused.Problems));
    }

    IReadOnlyList<string> ProblemsOf(string text)
    {
        var file = Path.Combine(_folder, "maintenance.json");
        File.WriteAllText(file, text);
        return Assert.Throws<InvalidSettingsException>(() => SettingsReader.Read(file, [])).Problems;
    }
}

using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Commands;

/// <summary>What people get wrong, and what they are told: one clear message, an exit code, and nothing half applied.</summary>
public sealed class MistakeTests : IAsyncLifetime
{
    const int BadFiles = 65;

    readonly Installation _installation = new();

    public ValueTask InitializeAsync()
    {
        _installation.Job("greet", """{ "input": { "name": { "type": "string" } }, "steps": [ { "name": "greet", "run": "greet.sh", "env": { "NAME": "${input.name}" } } ] }""",
            ("greet.sh", "#!/bin/sh\necho \"hello $NAME\"\n"));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task All_problems_of_all_files_are_told_at_once_with_line_and_column()
    {
        _installation.Write("schedules.json",
            """
            {
              "schedules": [
                { "id": "a", "job": "gret", "cron": "0 3 * * *", "input": { "name": "x" } },
                { "id": "b", "job": "greet", "cron": "61 3 * * *", "timeZone": "Europe/Berln", "input": { "name": "x" } },
                { "id": "c", "job": "greet", "cron": "0 3 * * *", "retrys": 3 }
              ]
            }
            """);

        var said = await _installation.CommandAsync("validate");

        Assert.Equal(BadFiles, said.ExitCode);
        Assert.Contains("schedules.json:3:", said.Errors);
        Assert.Contains("'greet'", said.Errors);
        Assert.Contains("Europe/Berlin", said.Errors);
        Assert.Contains("schedules.json:5:", said.Errors);
        Assert.Contains("retrys", said.Errors);
    }

    [Fact]
    public async Task A_missing_script_and_a_script_without_execute_bit_are_told()
    {
        _installation.Job("broken", """{ "steps": [ { "name": "a", "run": "nowhere.sh" }, { "name": "b", "run": "not-executable" } ] }""");
        _installation.Write("jobs/broken/not-executable", "echo no interpreter named, and no execute bit\n");

        var said = await _installation.CommandAsync("validate");

        Assert.Equal(BadFiles, said.ExitCode);
        Assert.Contains("nowhere.sh", said.Errors);
        Assert.Contains("not-executable", said.Errors);
    }

    [Fact]
    public async Task A_file_that_becomes_bad_while_up_runs_changes_nothing_and_is_told()
    {
        _installation.Schedules("""{ "id": "g", "job": "greet", "cron": "0 0 1 1 *", "input": { "name": "x" } }""");
        var up = await _installation.StartAsync();

        _installation.Write("schedules.json", """{ "schedules": [ { "id": "g", "job": "greet", "cron": "every day" } ] }""");

        await up.SaysAsync("goes on", TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await _installation.CommandAsync("trigger", "g", "--wait")).ExitCode);
    }

    [Fact]
    public async Task A_second_up_on_the_same_data_is_refused_with_the_holder()
    {
        var up = await _installation.StartAsync();

        var second = await _installation.CommandAsync("up", "--listen", "127.0.0.1:0");

        Assert.Equal(75, second.ExitCode);
        Assert.Contains($"process {up.Pid}", second.Errors);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_flag_that_changes_it()
    {
        await _installation.StartAsync();
        using var other = new Scratch();

        var second = await Programs.RunAsync(
            "dotnet", [Repository.Program, "up", "--data", other["data"], "--schedules", _installation.Path("schedules.json"), "--listen", $"127.0.0.1:{_installation.Port}"]);

        Assert.Equal(75, second.ExitCode);
        Assert.Contains("--listen", second.Errors);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_told()
    {
        var said = await Programs.RunAsync("dotnet", [Repository.Program, "up", "--data", "/proc/nowhere", "--schedules", _installation.Path("schedules.json")]);

        Assert.Equal(73, said.ExitCode);
        Assert.Contains("--data", said.Errors);
    }

    [Fact]
    public async Task A_wrong_setting_and_an_unknown_one_are_told_together()
    {
        var settings = _installation.Write("settings.json", """{ "Worker": { "MaxConcurrentSteps": 0 }, "Enigne": { "Listen": "127.0.0.1:1" } }""");

        var said = await _installation.CommandAsync("runs", "--config", settings);

        Assert.Equal(78, said.ExitCode);
        Assert.Contains("Worker:MaxConcurrentSteps is 0", said.Errors);
        Assert.Contains("Enigne:Listen", said.Errors);
    }

    [Fact]
    public async Task A_trigger_with_a_wrong_input_starts_nothing_and_says_what_is_missing()
    {
        await _installation.StartAsync();

        var said = await _installation.CommandAsync("trigger", "greet", "--input", "nmae=x", "--wait");

        Assert.Equal(64, said.ExitCode);
        Assert.Contains("'nmae'", said.Errors);
        Assert.Contains("'name'", said.Errors);
        Assert.Equal(0, (await _installation.JsonAsync("runs")).GetArrayLength());
    }

    [Fact]
    public async Task A_trigger_of_an_unknown_job_names_the_known_ones()
    {
        await _installation.StartAsync();

        var said = await _installation.CommandAsync("trigger", "gret");

        Assert.Equal(3, said.ExitCode);
        Assert.Contains("greet", said.Errors);
    }

    [Fact]
    public async Task Without_a_server_a_trigger_says_how_to_start_one()
    {
        var up = await _installation.StartAsync();
        await up.StopAsync();

        var said = await _installation.CommandAsync("trigger", "greet", "--input", "name=x");

        Assert.Equal(69, said.ExitCode);
        Assert.Contains("maintenance up", said.Errors);
    }

    [Fact]
    public async Task Next_of_a_bad_expression_ends_with_1_and_the_column()
    {
        var said = await _installation.CommandAsync("next", "--cron", "0 22-3 * * *");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("22-3", said.Errors);
    }

    [Fact]
    public async Task Next_of_a_bare_line_prints_times_and_notes_of_the_clock_change()
    {
        var said = await _installation.JsonAsync(
            "next", "--cron", "30 2 * * *", "--time-zone", "Europe/Berlin", "--from", "2027-03-27T00:00Z", "-n", "3");

        Assert.Equal(["2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"], said.GetProperty("times").EnumerateArray().Select(time => time.GetString()));
        Assert.NotEmpty(said.GetProperty("notes").EnumerateArray());
    }
}

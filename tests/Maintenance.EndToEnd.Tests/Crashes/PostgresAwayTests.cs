using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>The records are in Postgres, and Postgres goes away in the middle of a run.</summary>
public sealed class PostgresAwayTests
{
    [Fact]
    public async Task A_run_goes_on_without_the_database_and_its_record_appears_once_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await postgres.SqlAsync("create database records");
        await using var installation = new Installation
        {
            Flags = ["--records", $"Host=127.0.0.1;Port={postgres.Port};Username=postgres;Database=records"],
        };
        installation.Job("long", """{ "steps": [ { "name": "wait", "run": "wait.sh" }, { "name": "after", "run": "after.sh" } ] }""",
            ("wait.sh", $"#!/bin/bash\ntouch {installation.Path("begun")}\nuntil [ -e {installation.Path("go-on")} ]; do sleep 0.1; done\n"),
            ("after.sh", $"#!/bin/sh\ntouch {installation.Path("after")}\n"));
        await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "long")).GetProperty("runId").GetString()!;
        await Eventually.TrueAsync("the script runs", TimeSpan.FromSeconds(30), () => File.Exists(installation.Path("begun")));

        await postgres.StopAsync();
        installation.Write("go-on", "");
        await Eventually.TrueAsync("the second step ran without a database", TimeSpan.FromSeconds(60), () => File.Exists(installation.Path("after")));
        await postgres.StartAsync();

        var record = await installation.FinishedRunAsync(run, TimeSpan.FromSeconds(120));
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.Equal("1", await postgres.SqlAsync("select count(*) from run", "records"));
        Assert.Equal("2", await postgres.SqlAsync("select count(*) from step", "records"));
    }

    [Fact]
    public async Task A_start_without_the_database_waits_for_it_and_applies_the_files_when_it_is_there()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await postgres.SqlAsync("create database records");
        await postgres.StopAsync();
        await using var installation = new Installation
        {
            Flags = ["--records", $"Host=127.0.0.1;Port={postgres.Port};Username=postgres;Database=records"],
        };
        installation.Job("short", """{ "steps": [ { "name": "only", "run": "only.sh" } ] }""", ("only.sh", "#!/bin/sh\n"));
        installation.Schedules("""{ "id": "yearly", "job": "short", "cron": "0 0 1 1 *" }""");

        await installation.StartAsync();
        Assert.Contains("applied as soon as the records answer", installation.Up!.Said);
        await postgres.StartAsync();
        await installation.Up.SaysAsync("created 1 (yearly)", TimeSpan.FromSeconds(60));

        Assert.Equal("succeeded", (await installation.JsonAsync("trigger", "short", "--wait")).GetProperty("status").GetString());
    }
}

using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Commands;

/// <summary>What the author of a job does before it is applied; docs/job-tests.md is followed by the tests of the pages.</summary>
public sealed class JobAuthoringTests : IAsyncLifetime
{
    readonly Installation _installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task An_hour_between_tries_takes_no_time_in_a_test_and_each_call_gets_its_own_answer()
    {
        _installation.Job(
            "patient",
            """{ "steps": [ { "name": "ask", "run": "ask.sh", "idempotent": true, "retry": { "attempts": 3, "initial": "1h", "backoff": 1, "max": "1h" } } ] }""",
            ("ask.sh", "#!/bin/sh\nset -eu\nanswer=$(remote status 'two words')\necho \"answer=$answer\" >>\"$MAINTENANCE_OUTPUT\"\n"));
        _installation.Write(
            "jobs/patient/tests/third-try.json",
            """
            {
              "commands": { "remote": [ { "exitCode": 1 }, { "exitCode": 1 }, { "output": "ready" } ] },
              "expect": {
                "steps": { "ask": { "attempts": 3, "outputs": { "answer": "ready" } } },
                "calls": [ "remote status two words", "remote status two words", "remote status two words" ]
              }
            }
            """);

        var tested = await _installation.CommandAsync("job", "test", "patient");

        Assert.True(tested.ExitCode == 0, tested.ToString());
        Assert.Contains("1 passed, 0 failed", tested.Output);
    }

    [Fact]
    public async Task Jobs_that_a_job_runs_and_pauses_of_several_targets_are_tested_with_it()
    {
        const string retry = """ "idempotent": true, "retry": { "attempts": 2, "initial": "1h", "backoff": 1, "max": "1h" } """;
        _installation.Job(
            "parent",
            $$"""
            { "steps": [
              { "name": "each", "forEach": ["a", "b"], "maxParallel": 2, "run": "ask.sh", {{retry}} },
              { "name": "inner", "job": { "name": "child" }, "timeout": "5h" } ] }
            """,
            ("ask.sh", "#!/bin/sh\nremote status\n"));
        _installation.Job("child", $$"""{ "steps": [ { "name": "ask", "run": "ask.sh", {{retry}} } ] }""", ("ask.sh", "#!/bin/sh\nremote inner\n"));
        _installation.Write(
            "jobs/parent/tests/second-try.json",
            """
            {
              "commands": { "remote": [ { "exitCode": 1 }, { "exitCode": 1 }, {}, {}, { "exitCode": 1 }, {} ] },
              "expect": { "steps": { "each[a]": { "attempts": 2 }, "each[b]": { "attempts": 2 }, "inner": { "status": "succeeded" } }, "calls": [ "remote inner", "remote inner" ] }
            }
            """);

        var tested = await _installation.CommandAsync("job", "test", "parent");

        Assert.True(tested.ExitCode == 0, tested.ToString());
    }

    [Fact]
    public async Task A_case_that_fails_says_what_was_expected_and_what_came()
    {
        _installation.TakeJob("hello");
        _installation.Write(
            "jobs/hello/tests/wrong.json", """{ "expect": { "steps": { "greet": { "outputs": { "greeting": "Hello, moon" } } } } }""");

        var tested = await _installation.CommandAsync("job", "test", "hello");

        Assert.Equal(1, tested.ExitCode);
        Assert.Contains("expected output greeting to be 'Hello, moon', was 'Hello, world'", tested.Output);
    }

    [Fact]
    public async Task A_local_run_tells_its_story_and_a_rejected_question_fails_it()
    {
        _installation.Job(
            "asks",
            """{ "steps": [ { "name": "may-i", "approval": { "message": "Go on?" } }, { "name": "go", "run": "go.sh" } ], "finally": [ { "name": "tidy", "run": "go.sh" } ] }""",
            ("go.sh", "#!/bin/sh\necho gone\n"));

        var approved = await _installation.CommandAsync("job", "run", "--local", "asks", "--approve");
        var rejected = await _installation.CommandAsync("job", "run", "--local", "asks");

        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("Go on?", rejected.Errors);
        Assert.Contains("tidy (finally)  succeeded", rejected.Output);
    }

    [Fact]
    public async Task A_job_is_not_written_over()
    {
        _installation.TakeJob("hello");

        var refused = await _installation.CommandAsync("job", "new", "hello");

        Assert.Equal(75, refused.ExitCode);
        Assert.True(File.Exists(_installation.Path("jobs/hello/greet.sh")));
    }
}

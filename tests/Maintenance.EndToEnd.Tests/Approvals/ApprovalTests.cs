using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Approvals;

/// <summary>A run that waits for a person.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    readonly Installation _installation = new();

    public ValueTask InitializeAsync()
    {
        _installation.Job("deploy",
            """
            {
              "steps": [
                { "name": "plan", "run": "say.sh" },
                { "name": "sign-off", "approval": { "message": "Deploy to production?", "timeout": "3d", "fourEyes": false } },
                { "name": "apply", "run": "say.sh" }
              ]
            }
            """,
            ("say.sh", $"#!/bin/sh\necho ran >>{_installation.Path("ran")}\n"));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task It_survives_a_kill_while_it_waits_goes_on_after_approve_and_the_record_names_the_approver()
    {
        var up = await _installation.StartAsync();
        var run = await TriggerAsync();
        await WaitsAsync(run);

        await up.KillAsync();
        await _installation.StartAsync();
        var approved = await _installation.CommandAsync("approve", run, "--reason", "the plan is good");

        Assert.True(approved.ExitCode == 0, approved.ToString());
        var record = await _installation.FinishedRunAsync(run, Soon);
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        var approval = record.GetProperty("approvals")[0];
        Assert.Equal("approved", approval.GetProperty("decision").GetString());
        Assert.Contains('@', approval.GetProperty("by").GetString()!);
        Assert.Equal("the plan is good", approval.GetProperty("reason").GetString());
        Assert.Equal(2, File.ReadAllLines(_installation.Path("ran")).Length);
        Assert.Contains("approved by", (await _installation.CommandAsync("show", run)).Output);
    }

    [Fact]
    public async Task A_rejection_fails_the_run_and_later_steps_do_not_run()
    {
        await _installation.StartAsync();
        var run = await TriggerAsync();
        await WaitsAsync(run);

        await _installation.CommandAsync("reject", run, "--reason", "not on a Friday");

        var record = await _installation.FinishedRunAsync(run, Soon);
        Assert.Equal("failed", record.GetProperty("status").GetString());
        Assert.Contains("not on a Friday", record.GetProperty("reason").GetString());
        Assert.Single(File.ReadAllLines(_installation.Path("ran")));
    }

    [Fact]
    public async Task Approving_a_run_that_does_not_wait_is_refused_with_the_reason()
    {
        await _installation.StartAsync();
        var run = await TriggerAsync();
        await WaitsAsync(run);
        await _installation.CommandAsync("approve", run);
        await _installation.FinishedRunAsync(run, Soon);

        var again = await _installation.CommandAsync("approve", run);

        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("no open run", again.Errors);
    }

    [Fact]
    public async Task Who_started_it_is_refused_and_another_person_signs_for_exactly_what_is_shown()
    {
        var key = await _installation.CommandAsync("people", "key", "bob", "--key", _installation.Path("bob.pem"));
        Assert.True(key.ExitCode == 0, key.ToString());
        _installation.Write("jobs/people.json", $$"""{ "people": { "bob": { "keys": ["{{key.Output.Trim()}}"] } }, "groups": { "dba": ["bob"] } }""");
        _installation.Job("strict", """{ "steps": [ { "name": "sign-off", "approval": { "message": "Really?", "approvers": ["group:dba"], "verified": true } } ] }""");
        await _installation.StartAsync();
        var run = (await _installation.JsonAsync("trigger", "strict")).GetProperty("runId").GetString()!;
        await WaitsAsync(run);

        var unsigned = await _installation.CommandAsync("approve", run, "--reason", "I started it");
        var stale = await _installation.CommandAsync("approve", run, "--key", _installation.Path("bob.pem"), "--evidence", "0123456789");
        var signed = await _installation.CommandAsync("approve", run, "--key", _installation.Path("bob.pem"), "--reason", "it is good");

        Assert.True(unsigned.ExitCode == 1 && unsigned.Errors.Contains("is not among the approvers (group:dba)"), unsigned.ToString());
        Assert.True(stale.ExitCode == 1 && stale.Errors.Contains("and not 0123456789; nothing was answered"), stale.ToString());
        Assert.True(signed.ExitCode == 0 && signed.Output.Contains("approved as bob"), signed.ToString());
        Assert.Contains("may answer  group:dba", signed.Errors);
        var record = await _installation.FinishedRunAsync(run, Soon);
        var approval = record.GetProperty("approvals")[0];
        Assert.True(approval.GetProperty("verified").GetBoolean());
        Assert.Contains(approval.GetProperty("evidenceHash").GetString()!, signed.Errors);
        var story = (await _installation.CommandAsync("show", run)).Output;
        Assert.Matches("approve refused .* is not among the approvers", story);
        Assert.Contains("approved by bob at", story);
        Assert.Matches("bob +[0-9a-f]{16} +dba", (await _installation.CommandAsync("people")).Output);
    }

    async Task<string> TriggerAsync() => (await _installation.JsonAsync("trigger", "deploy")).GetProperty("runId").GetString()!;

    Task WaitsAsync(string run) => Eventually.TrueAsync(
        "the run waits for a person", Soon,
        async () => (await _installation.CommandAsync("status", run, "--json")) is { ExitCode: 0 } status
            && JsonDocument.Parse(status.Output).RootElement.TryGetProperty("waitingFor", out var waits)
            && waits.ValueKind == JsonValueKind.Object && waits.GetProperty("kind").GetString() == "approval",
        () => _installation.Up!.Said);
}

using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Approvals;

/// <summary>A run that waits for a person.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    readonly Installation _installation = new();

    public ValueTask InitializeAsync()
    {
        _installation.Job("deploy",
            """
            {
              "steps": [
                { "name": "plan", "run": "say.sh" },
                { "name": "sign-off", "approval": { "message": "Deploy to production?", "timeout": "3d" } },
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

    async Task<string> TriggerAsync() => (await _installation.JsonAsync("trigger", "deploy")).GetProperty("runId").GetString()!;

    Task WaitsAsync(string run) => Eventually.TrueAsync(
        "the run waits for a person", Soon,
        async () => (await _installation.CommandAsync("status", run, "--json")) is { ExitCode: 0 } status
            && JsonDocument.Parse(status.Output).RootElement.TryGetProperty("waitingFor", out var waits)
            && waits.ValueKind == JsonValueKind.Object && waits.GetProperty("kind").GetString() == "approval",
        () => _installation.Up!.Said);
}

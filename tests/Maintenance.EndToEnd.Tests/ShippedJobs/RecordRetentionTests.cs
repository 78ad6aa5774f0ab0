using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job record-retention on the records of the installation that runs it.</summary>
public sealed class RecordRetentionTests : IAsyncLifetime
{
    readonly Installation _installation = new();

    public async ValueTask InitializeAsync()
    {
        _installation.TakeJob("hello");
        _installation.TakeJob("record-retention");
        await Programs.BashAsync($"printf '#!/bin/sh\\nexec dotnet \"{Repository.Program}\" \"$@\"\\n' >product; chmod +x product", _installation.Folder);
        await _installation.StartAsync();
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task An_old_run_goes_a_young_one_stays_and_the_record_of_another_installation_is_no_silent_success()
    {
        var old = (await _installation.JsonAsync("trigger", "hello", "--wait")).GetProperty("runId").GetString()!;
        var young = (await _installation.JsonAsync("trigger", "hello", "--wait")).GetProperty("runId").GetString()!;
        await Programs.BashAsync(
            $"sqlite3 -cmd '.timeout 10000' \"$(find '{_installation.Data}' -name 'records*.db')\" \"update run set started_at = started_at - 500 * 86400000000 where run_id = '{old}'\"",
            _installation.Folder);

        var run = await RetainAsync($"dataFolder={_installation.Data}");
        Assert.Equal("1", run.GetProperty("outputs").GetProperty("prune.runs").GetString());
        Assert.NotEqual(0, (await _installation.CommandAsync("show", old)).ExitCode);
        Assert.Equal(0, (await _installation.CommandAsync("show", young)).ExitCode);

        var elsewhere = await RetainAsync($"dataFolder={_installation.Path("elsewhere")}");
        Assert.Equal("failed", elsewhere.GetProperty("status").GetString());
    }

    async Task<System.Text.Json.JsonElement> RetainAsync(string input)
    {
        var started = await _installation.JsonAsync(["trigger", "record-retention", "--input", $"program={_installation.Path("product")}", "--input", input]);
        return await _installation.FinishedRunAsync(started.GetProperty("runId").GetString()!, TimeSpan.FromSeconds(90));
    }
}

using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace Maintenance.EndToEnd.Tests.Commands;

/// <summary><c>maintenance records …</c> against a running installation whose database somebody damaged.</summary>
public sealed class RecordsTests : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly Installation _installation = new();

    public async ValueTask InitializeAsync()
    {
        _installation.TakeJob("hello");
        await _installation.StartAsync();
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task A_record_that_is_missing_or_damaged_is_written_again_and_one_that_is_right_stays()
    {
        var run = await RunAsync();
        var whole = (await _installation.FinishedRunAsync(run, Limit)).GetRawText();

        Assert.Equal("same", await RebuildAsync(run));
        await DamageAsync("delete from run");
        Assert.Equal(3, (await _installation.CommandAsync("show", run)).ExitCode);
        Assert.Equal("missing", await RebuildAsync(run));
        await DamageAsync("update step set outputs = '[1]', name = 'x'");
        Assert.Equal("damaged", await RebuildAsync(run));
        await DamageAsync("update run set reason = 'all is well'");
        Assert.Equal("different", await RebuildAsync(run));
        Assert.Equal("same", await RebuildAsync(run));

        Assert.Equal(whole, (await _installation.JsonAsync("show", run)).GetRawText());
    }

    [Fact]
    public async Task All_runs_come_back_into_a_database_that_was_lost()
    {
        string[] runs = [await RunAsync(), await RunAsync()];
        foreach (var run in runs)
            await _installation.FinishedRunAsync(run, Limit);
        await DamageAsync("delete from run");

        var rebuilt = await _installation.JsonAsync("records", "rebuild", "--all");
        var listed = await _installation.JsonAsync("runs");

        Assert.Equal(runs.Order(), rebuilt.EnumerateArray().Select(one => one.GetProperty("run").GetProperty("runId").GetString()!).Order());
        Assert.Equal(2, listed.GetArrayLength());
    }

    [Fact]
    public async Task What_cannot_be_rebuilt_or_sent_again_is_named()
    {
        var unknown = await _installation.CommandAsync("records", "rebuild", "c0ffee00-0000-0000-0000-000000000000");
        var neither = await _installation.CommandAsync("records", "rebuild");
        var message = await _installation.CommandAsync("records", "retry", "no-such-message");

        Assert.Equal(3, unknown.ExitCode);
        Assert.Contains("c0ffee00", unknown.Errors);
        Assert.Equal(64, neither.ExitCode);
        Assert.Equal(3, message.ExitCode);
        Assert.Contains("no-such-message", message.Errors);
    }

    [Fact]
    public async Task Evidence_says_what_was_sealed_and_finds_the_field_that_somebody_changed()
    {
        var run = await RunAsync();
        await _installation.FinishedRunAsync(run, Limit);

        var shown = await _installation.JsonAsync("evidence", run);
        var written = await _installation.CommandAsync("evidence", run, "--out", _installation.Path("proof"));
        var sums = await Programs.RunAsync("sha256sum", ["-c", "SHA256SUMS"], folder: _installation.Path("proof"));
        var well = await _installation.CommandAsync("evidence", "verify");
        await DamageAsync("update run set requester = 'somebody else'");
        var changed = await _installation.CommandAsync("evidence", "verify");
        var ofRun = await _installation.CommandAsync("evidence", run);

        Assert.Equal("sealed", shown.GetProperty("state").GetString());
        Assert.Contains($"run.id=\"{run}\"\n", shown.GetProperty("text").GetString());
        Assert.True(written.ExitCode == 0 && sums.ExitCode == 0, $"{written}\n{sums}");
        Assert.Contains("bundle: OK", sums.Output);
        Assert.True(well.ExitCode == 0, well.ToString());
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains($"! run {run} (link 1): was changed: run.requester", changed.Output);
        Assert.Equal(1, ofRun.ExitCode);
        Assert.Contains("changed after the run: run.requester", ofRun.Errors);
    }

    async Task<string> RunAsync() => (await _installation.JsonAsync("trigger", "hello", "--wait")).GetProperty("runId").GetString()!;

    async Task<string> RebuildAsync(string run) =>
        (await _installation.JsonAsync("records", "rebuild", run))[0].GetProperty("was").GetString()!;

    async Task DamageAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_installation.Data}/records.db;Pooling=False;Foreign Keys=True");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"pragma busy_timeout = 5000; {sql}";
        await command.ExecuteNonQueryAsync();
    }
}

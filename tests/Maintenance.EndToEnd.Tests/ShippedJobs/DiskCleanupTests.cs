using System.Diagnostics;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job disk-cleanup on a real tree with everything in it that leads outside.</summary>
public sealed class DiskCleanupTests : IAsyncLifetime
{
    readonly ShippedJob _job = new("disk-cleanup");

    public async ValueTask InitializeAsync() => await _job.BashAsync(
        """
        mkdir -p logs/deep outside
        for i in 1 2 3 4 5 6; do echo "line $i" >"logs/deep/app one.log.$i"; touch -d "-$((i * 20)) days" "logs/deep/app one.log.$i"; done
        echo other >logs/deep/settings.conf; touch -d '-1 year' logs/deep/settings.conf
        echo precious >outside/precious.log.1; touch -d '-1 year' outside/precious.log.1
        ln -s ../outside logs/way-out
        ln -s ../outside/precious.log.1 logs/linked.log.9; touch -h -d '-1 year' logs/linked.log.9
        """);

    public ValueTask DisposeAsync() => _job.DisposeAsync();

    [Fact]
    public async Task Old_files_go_after_a_dry_run_and_a_failed_check_and_nothing_outside_is_touched()
    {
        var dry = await CleanAsync("dryRun=true");
        dry.Succeeded();
        Assert.Contains("would delete", dry.Said);
        Assert.Equal("1 2 3 4 5 6", await LogsAsync());

        var refused = await CleanAsync("healthCheck=/bin/false");
        refused.Failed("they are put back");
        Assert.Equal("3", refused.Output("set-aside.files"));
        Assert.Equal("1 2 3 4 5 6", await LogsAsync());

        using (var reader = Process.Start(new ProcessStartInfo("tail", ["-f", _job.Path("logs/deep/app one.log.5")]) { RedirectStandardOutput = true })!)
        {
            await reader.StandardOutput.ReadLineAsync();
            var run = await CleanAsync("healthCheck=/bin/true");
            reader.Kill();

            run.Succeeded();
            Assert.Contains("in use, stays", run.Said);
            Assert.Equal("2", run.Output("delete.deleted"));
        }

        // 4 and 6 are old; 5 is being read; 1 to 3 are the newest of the matching names.
        Assert.Equal("1 2 3 5", await LogsAsync());
        Assert.True(File.Exists(_job.Path("logs/deep/settings.conf")));
        Assert.Equal("precious\n", await File.ReadAllTextAsync(_job.Path("outside/precious.log.1")));
        Assert.Equal("", (await _job.BashAsync("find . -name '.*aside*'")).Trim());
    }

    [Fact]
    public async Task A_folder_that_is_a_link_is_refused_and_a_full_disk_that_cannot_be_freed_ends_red()
    {
        await _job.BashAsync("ln -s logs link");
        (await _job.RunAsync($"folders={_job.Path("link")}", "patterns=*.log.*")).Failed("reached by a link");

        (await CleanAsync("untilFreePercent=99", "keepNewest=6")).Failed("are wanted, and no more files match");
        Assert.Equal("1 2 3 4 5 6", await LogsAsync());
    }

    Task<LocalRun> CleanAsync(params string[] inputs) => _job.RunAsync([$"folders={_job.Path("logs")}", "patterns=*.log.*", .. inputs]);

    async Task<string> LogsAsync() => (await _job.BashAsync("find logs/deep -name '*.log.*' -printf '%f\\n' | sed 's/.*[.]//' | sort | paste -s -d ' '")).Trim();
}

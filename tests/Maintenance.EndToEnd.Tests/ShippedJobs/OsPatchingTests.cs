using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job os-patching with real apt and dpkg in a scratch root.</summary>
public sealed class OsPatchingTests : IAsyncLifetime
{
    static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(90);

    readonly Installation _installation = new();
    PackageRoot _packages = null!;

    public async ValueTask InitializeAsync()
    {
        _installation.TakeJob("os-patching");
        _packages = await PackageRoot.CreateAsync();
        await _packages.PublishAsync("stable", "patch-me", "1.0");
        await _packages.PublishAsync("stable", "leave-me", "1.0");
        await _packages.InstallAsync("patch-me", "leave-me");
        await _installation.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_security_upgrade_is_installed_and_recorded_and_others_wait()
    {
        await _packages.PublishAsync("stable-security", "patch-me", "1.0+deb12u1");
        await _packages.PublishAsync("stable", "leave-me", "2.0");

        var run = await PatchAsync();

        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        Assert.Equal("1.0+deb12u1", _packages.InstalledVersion("patch-me"));
        Assert.Equal("1.0", _packages.InstalledVersion("leave-me"));
        Assert.Equal("patch-me 1.0 -> 1.0+deb12u1", run.GetProperty("outputs").GetProperty("upgrade.changes").GetString());
    }

    [Fact]
    public async Task With_nothing_pending_nothing_changes_and_the_run_is_green()
    {
        var run = await PatchAsync("only=all");

        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        Assert.Equal("0", run.GetProperty("outputs").GetProperty("upgrade.upgraded").GetString());
    }

    [Fact]
    public async Task A_package_that_does_not_install_ends_red_and_says_what_did_change()
    {
        await _packages.PublishAsync("stable", "leave-me", "2.0", preInstall: "exit 1");

        var run = await PatchAsync("only=all");

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal("1.0", _packages.InstalledVersion("leave-me"));
        Assert.Contains("apt-get ended with", (await _installation.CommandAsync("show", run.GetProperty("runId").GetString()!)).Output);
    }

    [Fact]
    public async Task A_failing_health_check_ends_red()
    {
        await _packages.PublishAsync("stable-security", "patch-me", "1.1");

        var run = await PatchAsync("healthCheck=/bin/false");

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal("1.1", _packages.InstalledVersion("patch-me"));
        Assert.Contains("/bin/false ended with 1", (await _installation.CommandAsync("show", run.GetProperty("runId").GetString()!)).Output);
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_host_is_drained_before_and_put_back_after_and_a_sick_one_stays_out_with_advice_on_the_way_back()
    {
        await Programs.BashAsync("printf '#!/bin/sh\\necho drained >>%s/hooks\\n' $PWD >drain; printf '#!/bin/sh\\necho back >>%s/hooks\\n' $PWD >undrain; chmod +x drain undrain", _packages.Folder);
        string[] hooks = [$"drain={_packages.Folder}/drain", $"undrain={_packages.Folder}/undrain"];
        await _packages.PublishAsync("stable-security", "patch-me", "1.1");

        var dry = await PatchAsync([.. hooks, "dryRun=true"]);
        Assert.Equal("succeeded", dry.GetProperty("status").GetString());
        Assert.Equal("1.0", _packages.InstalledVersion("patch-me"));
        Assert.False(File.Exists($"{_packages.Folder}/hooks"));

        var good = await PatchAsync(hooks);
        Assert.Equal("succeeded", good.GetProperty("status").GetString());
        Assert.Equal("drained\nback\n", await File.ReadAllTextAsync($"{_packages.Folder}/hooks"));

        await _packages.PublishAsync("stable-security", "patch-me", "1.2");
        var sick = await PatchAsync([.. hooks, "healthCheck=/bin/false"]);
        Assert.Equal("failed", sick.GetProperty("status").GetString());
        Assert.Equal("drained\nback\ndrained\n", await File.ReadAllTextAsync($"{_packages.Folder}/hooks"));
        var said = (await _installation.CommandAsync("logs", sick.GetProperty("runId").GetString()!)).Output;
        Assert.Contains("stays out of service", said);
        Assert.Contains("patch-me 1.1", said.Replace('=', ' '));
    }

    [Fact, Trait("Category", "Long")]
    public async Task Waves_stop_at_the_first_host_that_fails()
    {
        _installation.TakeJob("os-patching-waves");
        await _installation.JsonAsync("apply");
        await _packages.PublishAsync("stable-security", "patch-me", "1.1");
        var alone = await PatchAsync("dryRun=true");
        var host = alone.GetProperty("hostId").GetString();

        var good = await RunAsync("os-patching-waves", [$"aptConfig={_packages.Config}", "minFreeMegabytes=1", $"hosts={host}", "reboot=never"]);
        Assert.Equal("succeeded", good.GetProperty("status").GetString());
        Assert.Equal("1.1", _packages.InstalledVersion("patch-me"));

        await _packages.PublishAsync("stable-security", "patch-me", "1.2");
        var bad = await RunAsync(
            "os-patching-waves", [$"aptConfig={_packages.Config}", "minFreeMegabytes=1", $"hosts={host},another-host", "reboot=never", "healthCheck=/bin/false"]);
        Assert.Equal("failed", bad.GetProperty("status").GetString());
        Assert.Equal("1", bad.GetProperty("outputs").GetProperty("patch.failed").GetString());
    }

    async Task<JsonElement> PatchAsync(params string[] inputs)
    {
        return await RunAsync("os-patching", [$"aptConfig={_packages.Config}", "minFreeMegabytes=1", .. inputs]);
    }

    async Task<JsonElement> RunAsync(string job, string[] inputs)
    {
        var started = await _installation.JsonAsync(["trigger", job, .. inputs.SelectMany(input => new[] { "--input", input })]);
        return await _installation.FinishedRunAsync(started.GetProperty("runId").GetString()!, RunLimit);
    }
}

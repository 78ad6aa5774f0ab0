using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job certificate-rotation against a real nginx.</summary>
public sealed class CertificateRotationTests : IAsyncLifetime
{
    const string FirstSerial = "11";

    static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(90);

    readonly Installation _installation = new();

    public async ValueTask InitializeAsync()
    {
        _installation.TakeJob("certificate-rotation");
        await _installation.StartAsync();
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task A_certificate_that_expires_soon_is_replaced_and_the_new_one_is_served()
    {
        await using var nginx = await NginxServer.StartNewAsync(days: 5);

        var run = await RotateAsync(nginx);

        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        var served = await nginx.ServedSerialAsync();
        Assert.NotEqual(FirstSerial, served);
        Assert.Equal(served, run.GetProperty("outputs").GetProperty("verify.served_serial").GetString());
        Assert.Equal("640", (await Programs.MustAsync("stat", "-c", "%a", nginx.Key)).Trim());
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(nginx.Certificate)!));
    }

    [Fact]
    public async Task A_certificate_that_is_valid_for_long_stays()
    {
        await using var nginx = await NginxServer.StartNewAsync(days: 80);

        var run = await RotateAsync(nginx);

        Assert.Equal("succeeded", run.GetProperty("status").GetString());
        Assert.Equal("false", run.GetProperty("outputs").GetProperty("inspect.needed").GetString());
        Assert.Equal(FirstSerial, await nginx.ServedSerialAsync());
    }

    [Fact]
    public async Task When_the_new_certificate_does_not_pass_the_old_one_is_served_again()
    {
        await using var nginx = await NginxServer.StartNewAsync(days: 5);

        // Shorter than the renewal time: issued and served, but refused by the verification.
        var run = await RotateAsync(nginx, "validFor=10d");

        Assert.Equal("failed", run.GetProperty("status").GetString());
        await Eventually.TrueAsync("the first certificate is served again", TimeSpan.FromSeconds(15), async () => await nginx.ServedSerialAsync() == FirstSerial);
        var undo = run.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("part").GetString() == "undo");
        Assert.Equal("succeeded", undo.GetProperty("status").GetString());
        Assert.Contains("expires within the renewal time", (await _installation.CommandAsync("show", run.GetProperty("runId").GetString()!)).Output);
    }

    [Fact]
    public async Task When_nginx_refuses_its_configuration_nothing_is_reloaded_and_the_old_pair_is_in_place()
    {
        await using var nginx = await NginxServer.StartNewAsync(days: 5);
        var before = await File.ReadAllTextAsync(nginx.Certificate);
        await File.AppendAllTextAsync(nginx.Config, "this is no directive;");

        var run = await RotateAsync(nginx);

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal(before, await File.ReadAllTextAsync(nginx.Certificate));
        Assert.Equal(FirstSerial, await nginx.ServedSerialAsync());
        await Programs.BashAsync($"sed -i 's/this is no directive;//' {nginx.Config}", nginx.Folder);
    }

    async Task<JsonElement> RotateAsync(NginxServer nginx, params string[] inputs)
    {
        string[] all =
        [
            $"address={nginx.Address}", $"serverName={NginxServer.Name}", $"certificate={nginx.Certificate}", $"key={nginx.Key}",
            $"caCertificate={nginx.CaCertificate}", $"caKey={nginx.CaKey}", $"nginxConfig={nginx.Config}", .. inputs,
        ];
        var started = await _installation.JsonAsync(["trigger", "certificate-rotation", .. all.SelectMany(input => new[] { "--input", input })]);
        return await _installation.FinishedRunAsync(started.GetProperty("runId").GetString()!, RunLimit);
    }
}

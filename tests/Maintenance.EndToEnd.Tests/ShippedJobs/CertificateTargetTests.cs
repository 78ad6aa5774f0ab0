using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.ShippedJobs;

/// <summary>The job certificate-rotation against the other servers that it knows: the first run fails its verification and puts the old pair back, the second one stays.</summary>
public sealed class CertificateTargetTests
{
    const string Name = "db.example.com";
    const string FirstSerial = "11";

    [Fact]
    public async Task Postgres_goes_on_with_the_old_certificate_after_a_failure_and_serves_the_new_one_after_a_rotation()
    {
        await using var job = new ShippedJob("certificate-rotation");
        await using var postgres = await PostgresServer.StartNewAsync();
        var (certificate, key) = ($"{postgres.Folder}/tls/server.pem", $"{postgres.Folder}/tls/server.key");
        await InternalCa.IssueAsync(postgres.Folder, certificate, key, Name, days: 5);
        await job.BashAsync($"chown -R --reference='{postgres.Folder}/data' '{postgres.Folder}/tls'; chmod 0600 '{key}'");
        await postgres.SqlAsync($"alter system set ssl_cert_file = '{certificate}'");
        await postgres.SqlAsync($"alter system set ssl_key_file = '{key}'");
        await postgres.SqlAsync("alter system set ssl = on");
        await postgres.SqlAsync("select pg_reload_conf()");
        string[] inputs =
        [
            "service=postgresql", $"address=127.0.0.1:{postgres.Port}", $"postgresData={postgres.Folder}/data", $"certificate={certificate}", $"key={key}", $"serverName={Name}",
            $"caCertificate={postgres.Folder}/ca.pem", $"caKey={postgres.Folder}/ca.key",
        ];

        await RotatesAsync(job, inputs, $"-starttls postgres -connect 127.0.0.1:{postgres.Port}");

        Assert.Equal("600", (await job.BashAsync($"stat -c %a '{key}'")).Trim());
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Haproxy_goes_on_with_the_old_certificate_after_a_failure_and_serves_the_new_one_after_a_rotation()
    {
        await using var job = new ShippedJob("certificate-rotation");
        await using var haproxy = await HaproxyServer.StartNewAsync(Name, days: 5);
        string[] inputs =
        [
            "service=haproxy", $"address=127.0.0.1:{haproxy.Port}", $"haproxyConfig={haproxy.Config}", $"haproxyPidFile={haproxy.PidFile}",
            $"certificate={haproxy.Certificate}", $"key={haproxy.Key}", $"serverName={Name}", $"caCertificate={haproxy.Folder}/ca.pem", $"caKey={haproxy.Folder}/ca.key",
        ];

        await RotatesAsync(job, inputs, $"-connect 127.0.0.1:{haproxy.Port}");
    }

    static async Task RotatesAsync(ShippedJob job, string[] inputs, string client)
    {
        async Task<string> ServedAsync() =>
            (await job.BashAsync($"openssl s_client {client} -servername {Name} </dev/null 2>/dev/null | openssl x509 -noout -serial | cut -d= -f2 || true")).Trim();
        await Eventually.TrueAsync("the first certificate is served", TimeSpan.FromSeconds(60), async () => await ServedAsync() == FirstSerial);

        var dry = await job.RunAsync([.. inputs, "dryRun=true"]);
        dry.Succeeded();
        Assert.Contains("would install", dry.Said);

        (await job.RunAsync([.. inputs, "validFor=10d"])).Failed("expires within the renewal time");
        await Eventually.TrueAsync("the first certificate is served again", TimeSpan.FromSeconds(60), async () => await ServedAsync() == FirstSerial);

        var run = await job.RunAsync(inputs);
        run.Succeeded();
        Assert.Equal(run.Output("verify.served_serial"), await ServedAsync());
        Assert.NotEqual(FirstSerial, await ServedAsync());
    }
}
